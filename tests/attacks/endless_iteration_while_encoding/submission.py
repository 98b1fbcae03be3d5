import itertools


class Endless(dict):
    def items(self):
        return ((str(number), 0) for number in itertools.count())

    def __iter__(self):
        return map(str, itertools.count())

    keys = __iter__

    def __len__(self):
        return 4


def create_filters():
    return Endless()
