"""A callable object with a running mean; the batches are put into a list first."""


class Mean:
    def __init__(self):
        self.value, self.count = 0.0, 0

    def add(self, value, times):
        self.count += times
        self.value += (value - self.value) * times / self.count


class Trainer:
    """Accepts what torch.optim and a DataLoader give."""

    def __call__(self, model, batches, loss_fn, optimizer):
        for module in model.modules():
            module.training = True
        mean = Mean()
        for number, batch in enumerate(list(batches)):
            loss = self.step(model, *batch, loss_fn, optimizer)
            mean.add(loss, batch[0].size(0))
            print(f"batch {number}: {loss:.4f}")
        return mean.value

    def step(self, model, inputs, targets, loss_fn, optimizer):
        predictions = model(inputs)
        loss = loss_fn(predictions, targets)
        optimizer.zero_grad(set_to_none=False)
        loss.backward()
        optimizer.step()
        return loss.detach().item()


train_epoch = Trainer()
