"""DDPG and TD3 in PyTorch as lib/agents has them: the same networks, replay buffer, batches and noise.

Cases: ddpg.cached, td3.cached (states given), td3.shared (one GRU over ten entries that learns with the critics),
td3.joint (a GRU in each network).
"""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from blocks import case, serve, threads

torch.set_num_threads(threads)
torch.manual_seed(1)
algorithm, kind = case.split(".")
B, T, S, A, HIDDEN, ITEMS, SIZE = 256, 10, 128, 64, 256, 10_000, 20_000
DISCOUNT, TD3 = 0.9, algorithm == "td3"
TARGET_RATE, ACTOR_RATE, CRITIC_RATE = (0.005, 3e-4, 3e-4) if TD3 else (0.001, 1e-4, 1e-3)


def perceptron(inputs, outputs):
    layers = nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs)
    return nn.Sequential(*layers)


def gru():
    return nn.GRU(A + 1, S, batch_first=True)


class Reader(nn.Module):
    """Its own GRU in front, or none."""

    def __init__(self):
        super().__init__()
        self.gru = gru() if kind == "joint" else None

    def read(self, states):
        return states if self.gru is None else self.gru(states)[1][0]


class Actor(Reader):
    """Of length 1: a linear head and a perceptron that starts at zero."""

    def __init__(self):
        super().__init__()
        self.head, self.deep = nn.Linear(S, A), perceptron(S, A)
        nn.init.zeros_(self.deep[-1].weight)
        nn.init.zeros_(self.deep[-1].bias)

    def forward(self, states):
        states = self.read(states)
        return F.normalize(self.head(states) + self.deep(states), dim=1)


class Critic(Reader):
    def __init__(self):
        super().__init__()
        self.deep = perceptron(S + A, 1)

    def forward(self, states, actions):
        return self.deep(torch.cat([self.read(states), actions], 1))


def adam(parameters, rate):
    return torch.optim.Adam(parameters, rate, fused=True)


def follow(targets, sources):
    with torch.no_grad():
        torch._foreach_lerp_(list(targets.parameters()), list(sources.parameters()), TARGET_RATE)


actor, critics = Actor(), nn.ModuleList(Critic() for _ in range(2 if TD3 else 1))
encoder = gru() if kind == "shared" else nn.Identity()
target_actor, target_critics, target_encoder = map(copy.deepcopy, (actor, critics, encoder))
of_actor = adam(actor.parameters(), ACTOR_RATE)
of_critics = adam([*critics.parameters(), *encoder.parameters()], CRITIC_RATE)

# The replay buffer: SIZE transitions of one long history; row r goes from state r to state r + 1.
vectors = F.normalize(torch.randn(ITEMS, A), dim=1)
items = torch.arange(SIZE) % ITEMS
rewards, terminals = torch.randn(SIZE, 1), torch.zeros(SIZE, 1)
weights = torch.full((SIZE, 1), 3.0)
table = torch.randn(SIZE + 1, S)
back = torch.arange(-T, 0)


def states_of(rows):
    """Ready made [B, S], or the entries before them [B, T, A + 1]."""
    if kind == "cached":
        return table[rows]
    entries = rows[:, None] + back
    return torch.cat([vectors[items[entries]], (weights[entries] - 3) / 2], 2)


def sample():
    rows = torch.randint(T, SIZE, (B,))
    return states_of(rows), vectors[items[rows]], rewards[rows], terminals[rows], states_of(rows + 1)


def through(reader, states):
    return reader(states)[1][0] if kind == "shared" else states


updates = 0


def update():
    global updates
    updates += 1
    states, actions, reward, terminal, next_states = sample()
    with torch.no_grad():
        after = through(target_encoder, next_states)
        proposed = target_actor(after)
        if TD3:
            noise = (torch.randn(B, A) * 0.2).clamp_(-0.5, 0.5) / A**0.5
            proposed = F.normalize(proposed + noise, dim=1)
        values = [critic(after, proposed) for critic in target_critics]
        wanted = reward + DISCOUNT * (1 - terminal) * (torch.min(*values) if TD3 else values[0])
    read = through(encoder, states)
    loss = sum(F.mse_loss(critic(read, actions), wanted) for critic in critics)
    of_critics.zero_grad()
    loss.backward()
    of_critics.step()
    if TD3 and updates % 2:
        return
    critics.requires_grad_(False)
    value = critics[0](read.detach(), actor(read.detach())).mean()
    of_actor.zero_grad()
    (-value).backward()
    of_actor.step()
    critics.requires_grad_(True)
    follow(target_actor, actor)
    follow(target_critics, critics)
    if kind == "shared":
        follow(target_encoder, encoder)


def run(count):
    for _ in range(count):
        update()


# PyTorch's GRU has a second bias, which offshelf's lacks: it is not counted.
learned = sum(p.numel() for net in (actor, critics, encoder) for n, p in net.named_parameters() if "bias_hh" not in n)
run(50)
serve("PyTorch", torch.__version__.split("+")[0], run, [learned])
