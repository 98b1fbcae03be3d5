def convolution2d(image, kernel, padding=0, stride=1):
    padding = int(input("padding? "))
    return image
