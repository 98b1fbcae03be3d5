"""The slow way: every connection is counted by itself."""


def linear_params(in_features, out_features, bias=True):
    count = 0
    for _ in range(out_features):
        for _ in range(in_features):
            count += 1
        count += bias
    return count
