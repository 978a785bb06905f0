"""The next-item model of lib/encoders in PyTorch: a GRU over item vectors and ratings, tied item vectors of length 1,
a softmax over the whole catalogue with a learned temperature, dropout, Adam, and a moving average of the weights.
"""

import copy

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F
from blocks import folder, serve, threads

torch.set_num_threads(threads)
torch.manual_seed(1)
WINDOWS, T, S, A, ITEMS = 64, 50, 128, 64, 10_000
DROPOUT, RATE, AVERAGE_RATE = 0.5, 0.004, 0.005


class NextItem(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Parameter(torch.randn(ITEMS, A) / A**0.5)
        self.bias = nn.Parameter(torch.zeros(ITEMS))
        self.gru = nn.GRU(A + 1, S, batch_first=True)
        self.head = nn.Linear(S, A)
        self.log_temperature = nn.Parameter(torch.tensor(0.1).log())

    def loss(self, read, weights, labels):
        vectors = F.normalize(self.items, dim=1)
        inputs = torch.cat([F.dropout(vectors[read], DROPOUT), weights], 2)
        states = F.dropout(self.gru(inputs)[0].reshape(-1, S), DROPOUT)
        queries = F.normalize(self.head(states), dim=1) * torch.exp(-self.log_temperature)
        return F.cross_entropy(torch.addmm(self.bias, queries, vectors.T), labels)


model = NextItem()
average = copy.deepcopy(model)
optimizer = torch.optim.Adam(model.parameters(), RATE, fused=True)
history = torch.from_numpy(numpy.fromfile(f"{folder}/items.i32", numpy.int32).astype(numpy.int64))
ratings = torch.from_numpy(numpy.fromfile(f"{folder}/weights.f32", numpy.float32))
steps = torch.arange(T)
updates, losses = 0, []


def update():
    global updates
    updates += 1
    starts = torch.randint(len(history) - T, (WINDOWS,))
    entries = starts[:, None] + steps
    weights = ((ratings[entries] - 3) / 2)[:, :, None]
    loss = model.loss(history[entries], weights, history[entries + 1].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        rate = max(AVERAGE_RATE, 1 / updates)
        torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), rate)
    losses.append(loss.item())


def run(count):
    for _ in range(count):
        update()


run(5)
learned = sum(p.numel() for name, p in model.named_parameters() if "bias_hh" not in name)
serve("PyTorch", torch.__version__.split("+")[0], run, [learned])
