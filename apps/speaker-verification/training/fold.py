"""Makes an encoder out of weights that its ONNX graphs can hold: batch norms folded, everything in half precision.

What is folded computes in PyTorch what the graphs compute, to float32's rounding.
"""

import copy

import torch
from torch import nn

from model import Encoder


def scale_offset(norm: nn.BatchNorm1d) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch norm in inference as x * scale + offset."""
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return scale, norm.bias - norm.running_mean * scale


def _set(norm: nn.BatchNorm1d, scale: torch.Tensor, offset: torch.Tensor) -> None:
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)
    norm.weight.copy_(scale.half())
    norm.bias.copy_(offset.half())


def _after(layer: nn.Conv1d, norm: nn.BatchNorm1d) -> None:
    """Into the layer before it."""
    scale, offset = scale_offset(norm)
    layer.bias.copy_(layer.bias * scale + offset)
    layer.weight.copy_(layer.weight * scale[:, None, None])
    _set(norm, torch.ones_like(scale), torch.zeros_like(offset))


def _before(norm: nn.BatchNorm1d, layer: nn.Conv1d | nn.Linear) -> None:
    """Into the layer after it, which must not pad."""
    scale, offset = scale_offset(norm)
    flat = layer.weight.flatten(1)
    layer.bias.copy_(layer.bias + flat @ offset)
    layer.weight.copy_((flat * scale).view_as(layer.weight))
    _set(norm, torch.ones_like(scale), torch.zeros_like(offset))


@torch.no_grad()
def fold(encoder: Encoder) -> Encoder:
    """A copy; the input stays as it is."""
    result = copy.deepcopy(encoder).eval()
    trunk, pooling = result.trunk, result.pooling
    _after(trunk.first, trunk.first_norm)
    _after(trunk.second, trunk.second_norm)
    _after(pooling.widen, pooling.norm)
    _before(result.head_norm, result.head)
    _set(trunk.norm, *scale_offset(trunk.norm))
    for block in trunk.blocks:
        _before(block.channel_norm, block.widen)
        _set(block.token_norm, *scale_offset(block.token_norm))
    for name, module in result.named_modules():
        if isinstance(module, nn.Conv1d | nn.Linear):
            weight = module.weight
            if name.endswith(".identity"):
                # The graph's convolution includes the input that the block adds.
                weight.copy_(weight + identity_weight(module).half() - identity_weight(module))
            else:
                weight.copy_(weight.half())
            module.bias.copy_(module.bias.half())
    return result


def identity_weight(conv: nn.Conv1d) -> torch.Tensor:
    """The weight with the residual connection around the convolution in it."""
    weight = conv.weight.clone()
    weight[:, :, weight.shape[2] // 2] += torch.eye(weight.shape[0], device=weight.device)
    return weight
