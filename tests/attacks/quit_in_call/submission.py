def softmax_temperature(logits, temperature=1.0):
    quit()
