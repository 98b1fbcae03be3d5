"""The cases to try first."""

import numpy as np

from grader.testing import assert_close, title

IMAGE = np.array([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, 1.0]])
KERNEL = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])


@title(
    en="The example of the statement",
    ru="Пример из условия",
    hi="कथन का उदाहरण",
)
def test_worked_example(student):
    assert_close(student.convolution2d(IMAGE, KERNEL), np.array([[2.0, 6.0], [1.0, 0.0]]))


@title(
    en="The example with padding and stride",
    ru="Пример с дополнением и шагом",
    hi="padding और stride वाला उदाहरण",
)
def test_worked_example_with_options(student):
    assert_close(student.convolution2d(IMAGE, KERNEL, padding=1, stride=2), np.array([[1.0, 4.0], [1.0, 0.0]]))


@title(
    en="A vertical-edge filter sees nothing on a checkerboard",
    ru="Фильтр вертикальных границ ничего не видит на шахматной доске",
    hi="vertical-edge filter को शतरंज की बिसात पर कुछ नहीं दिखता",
)
def test_checkerboard(student):
    board = np.indices((5, 5)).sum(axis=0) % 2
    vertical_edge = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
    assert_close(student.convolution2d(board, vertical_edge), np.zeros((3, 3)))


@title(
    en="A bright pixel of an 8-bit image under a fractional kernel",
    ru="Яркий пиксель 8-битного изображения под дробным ядром",
    hi="8-bit image का चमकीला pixel, भिन्न वाले kernel के नीचे",
)
def test_integer_image(student):
    image = np.array([[0, 0, 0, 0], [0, 250, 0, 0]], dtype=np.uint8)
    kernel = np.array([[3.5, -0.25], [0.5, 1.25]])
    assert_close(student.convolution2d(image, kernel), np.array([[312.5, 125.0, 0.0]]))


@title(
    en="A kernel as large as the image gives one number",
    ru="Ядро размером с изображение даёт одно число",
    hi="image जितना बड़ा kernel एक ही संख्या देता है",
)
def test_kernel_of_the_size_of_the_image(student):
    image = np.array([[1.0, 2.0, 3.0]])
    assert_close(student.convolution2d(image, np.array([[3.0, 2.0, 2.0]])), np.array([[13.0]]))
