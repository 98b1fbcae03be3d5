"""A callable object in place of a function; it counts row by row."""


class Counter:
    def __call__(self, n, m, *options, **named):
        has_bias = options[0] if options else named.get("bias", True)
        total = 0
        for _ in range(m):
            total += n
            if has_bias:
                total += 1
        return total


linear_params = Counter()
