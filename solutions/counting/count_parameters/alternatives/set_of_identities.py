"""Plain loops: every module, every parameter of its own, and a set of the identities already met."""


def count_parameters(module, trainable_only=False):
    seen = set()
    total = 0
    for part in module.modules():
        for parameter in part._parameters.values():
            if parameter is None or id(parameter) in seen:
                continue
            seen.add(id(parameter))
            if trainable_only and not parameter.requires_grad:
                continue
            entries = 1
            for side in parameter.shape:
                entries *= side
            total += entries
    return total


if __name__ == "__main__":
    from torchvision.models import resnet18

    print(count_parameters(resnet18()))
