class convolution2d:
    def __init__(self, image, kernel, padding=0, stride=1):
        self.image = image
