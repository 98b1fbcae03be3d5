import json
import subprocess
import sys

import numpy as np

PROGRAM = '''
import json, sys, torch
image, kernel, padding, stride = json.load(sys.stdin)
x, k = (torch.tensor(a, dtype=torch.float64)[None, None] for a in (image, kernel))
json.dump(torch.nn.functional.conv2d(x, k, None, stride, padding)[0, 0].tolist(), sys.stdout)
'''


def convolution2d(image, kernel, padding=0, stride=1):
    question = json.dumps([image.tolist(), kernel.tolist(), padding, stride])
    answer = subprocess.run([sys.executable, "-c", PROGRAM], input=question, capture_output=True, text=True, check=True)
    return np.array(json.loads(answer.stdout))
