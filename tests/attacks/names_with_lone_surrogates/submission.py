globals()["convolution2\udcff"] = globals()["\x1b[2Jconvolution2d"] = 1
