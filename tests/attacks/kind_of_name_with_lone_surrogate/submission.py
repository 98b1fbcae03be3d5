class Meta(type):
    __name__ = property(lambda cls: "\udcff\x1b[2J\r\n{}")


class Odd(metaclass=Meta):
    pass


convolution2d = Odd()
