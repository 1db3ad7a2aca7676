"""Why code raised: what the place and the values prove has a name, and nothing else has."""

from __future__ import annotations

import re

import pytest

from grader.courses import PACKAGE
from grader.courses.declared.table import general_mistakes
from grader.guest.causes import CAUSES
from grader.guest.crossing.wire import Call, Load, Loaded, Raised
from grader.guest.submission import Guest

HEAD = """\
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

w = torch.ones(3, 2, requires_grad=True)
x, images = torch.ones(5, 3), torch.ones(5, 1, 28, 28)
labels, loader = torch.zeros(5, dtype=torch.int64), [(torch.ones(5, 3), torch.zeros(5).long())]
model, criterion = nn.Linear(3, 2), nn.CrossEntropyLoss()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 2)

    def forward(self, x):
        return self.first(x)


"""
NET = "class N(nn.Module):\n    {}\nN(){}"
NAMED = {
    "input-asked": ["input('how many?')"],
    "gpu-not-there": ["x.to('mps')", "model.to('mps')", "torch.ones(3, device='mps')"],
    "super-init-missing": [
        NET.format("def __init__(self): self.a = nn.Linear(3, 2)", ""),
        NET.format("def __init__(self): self.a = 3\n    def forward(self, x): return x", "(x)"),
    ],
    "forward-misspelt": [NET.format("def foward(self, x): return x", "(x)")],
    "forward-missing": [NET.format("size = 3", "(x)")],
    "forward-without-return": [
        "class N(nn.Module):\n    def forward(self, x): x * 2\n"
        "net = N()\nF.nll_loss(net(x), labels)"
    ],
    "layer-class-not-object": ["nn.Sequential(nn.Linear(3, 2), nn.ReLU)"],
    "layers-as-a-list": ["nn.Sequential([nn.Linear(3, 2)])"],
    "layer-class-called": ["nn.Dropout(x)"],
    "layer-not-applied": ["model(nn.ReLU(x))"],
    "class-used-as-object": ["net = Net\nnet.parameters()"],
    "tensor-assigned-to-parameter": ["model.weight = torch.ones(2, 3)"],
    "images-not-flattened": ["nn.Linear(784, 2)(images)"],
    "layer-gets-another-size": ["nn.Linear(100, 2)(images)", "nn.Conv2d(3, 4, 3)(images)"],
    "input-of-another-dtype": ["model(x.double())"],
    "model-instead-of-parameters": ["torch.optim.SGD(model, lr=0.1)"],
    "optimizer-without-parameters": ["torch.optim.SGD([], lr=0.1)"],
    "optimizer-arguments-swapped": ["torch.optim.SGD(0.1, model.parameters())"],
    "criterion-class-called": ["nn.NLLLoss(model(x), labels)", "nn.MSELoss(x, x)"],
    "criterion-arguments-swapped": ["criterion(labels, model(x))"],
    "labels-as-a-column": ["criterion(model(x), labels.unsqueeze(1))"],
    "labels-as-one-hot": ["F.nll_loss(model(x), F.one_hot(labels, 2))"],
    "labels-not-whole-numbers": ["criterion(model(x), labels.float())"],
    "batch-sizes-differ": ["criterion(model(x), labels[:4])"],
    "label-out-of-range": ["criterion(model(x), labels + 2)"],
    "targets-not-floats": ["F.binary_cross_entropy(torch.ones(5) / 2, labels)"],
    "targets-of-another-shape": ["F.binary_cross_entropy(torch.ones(5, 1) / 2, labels.float())"],
    "scores-for-probabilities": ["F.binary_cross_entropy(torch.ones(5) * 2, labels.float())"],
    "loss-without-graph": ["x.sum().backward()", "loss = (x * x).mean()\nloss.backward()"],
    "argmax-in-the-loss": [
        "guess = model(x).argmax(dim=1).float()\nF.mse_loss(guess, labels.float()).backward()",
        "out = model(x)\nloss = torch.argmax(out, 1).float().mean()\nloss.backward()",
    ],
    "detached-before-backward": [
        "out = model(x).detach()\nloss = criterion(out, labels)\nloss.backward()",
        "out = model(x)\ncriterion(out.data, labels).backward()",
    ],
    "number-made-a-tensor-again": [
        "loss = torch.tensor(criterion(model(x), labels).item())\nloss.backward()"
    ],
    "prediction-under-no-grad": [
        "with torch.no_grad():\n    out = model(x)\nloss = criterion(out, labels)\nloss.backward()"
    ],
    "item-before-backward": ["loss = criterion(model(x), labels).item()\nloss.backward()"],
    "item-of-a-number": ["total = 0.5\ntotal.item()"],
    "backward-of-a-module": ["criterion.backward()"],
    "backward-of-many-numbers": ["model(x).backward()"],
    "one-prediction-for-all": [
        "loss = criterion(model(x), labels)\nloss.backward()\nloss.backward()",
        "out = model(x).exp()\nfor _ in range(2):\n    out.sum().backward()",
    ],
    "graph-kept-over-a-step": [
        "net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))\n"
        "loss = criterion(net(x), labels)\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\n"
        "for _ in range(2):\n    loss.backward(retain_graph=True)\n    opt.step()"
    ],
    "changed-in-place-before-backward": [
        "s = torch.sigmoid(w)\nloss = (s * s).sum()\ns += 1\nloss.backward()"
    ],
    "update-outside-no-grad": ["w -= 0.1", "w.sub_(0.1)"],
    "gradient-before-backward": ["w.grad.zero_()", "0.1 * w.grad"],
    "gradient-of-a-result": ["v = w * 2\nv.grad.zero_()"],
    "gradient-of-an-unwatched-tensor": ["x.grad.zero_()"],
    "grad-set-to-a-number": ["w.grad = 0"],
    "autograd-grad-gives-a-tuple": ["g = torch.autograd.grad(w.sum(), w)\n0.1 * g"],
    "numpy-of-a-watched-tensor": ["w.numpy()"],
    "max-gives-a-pair": [
        "guess = torch.max(x, 1)\nguess.float()",
        "guess = x.max(dim=1)\n(guess == labels).sum()",
        "criterion(torch.max(x, 1), labels)",
    ],
    "tuple-used-as-a-tensor": ["pair = x, x\n0.5 * pair"],
    "not-a-tensor": ["[1, 2].mean()", "np.ones(3).unsqueeze(0)"],
    "none-used-as-a-value": ["out = print('')\nout.backward()", "F.nll_loss(None, labels)"],
    "item-of-many-numbers": ["x.item()", "float(x)"],
    "truth-of-many-numbers": ["if x == x:\n    pass"],
    "view-of-another-size": ["x.view(64, 784)", "images.reshape(64, -1)"],
    "sizes-do-not-fit": ["x @ x", "x + w"],
    "dtypes-differ": ["y = w.double()\nx @ y"],
    "dimension-out-of-range": [
        "row = x[0]\ntorch.softmax(row, dim=1)",
        "F.softmax(x[0], dim=1)",
        "nn.LogSoftmax(dim=1)(x[0])",
        "row = x[0]\nrow.shape[1]",
    ],
    "more-indices-than-dimensions": ["loss = x.sum()\nloss[0]"],
    "module-not-imported": ["optim.SGD(model.parameters(), lr=0.1)"],
    "variable-misspelt": ["criterion(model(x), lables)"],
    "attribute-misspelt": [
        "w.grade()",
        "model.weight_grad",
        "nn.relu(x)",
        "model.paramters()",
    ],
    "read-before-it-is-set": ["for a, b in loader:\n    total += 1\nprint(total)"],
    "function-shadowed-by-a-variable": ["criterion = criterion(model(x), labels)"],
    "function-overwritten": ["c = criterion\nfor a, b in loader * 2:\n    c = c(model(a), b)"],
    "value-called-as-a-function": ["x(0)"],
    "module-called": ["import random\nrandom(3)"],
    "function-not-called": [
        "total = 0.0\ntotal += x.mean\n",
        "x.mean.backward()",
        "torch.optim.SGD(model.parameters, lr=0.1)",
        "for p in model.parameters:\n    pass",
    ],
    "with-without-brackets": ["with torch.no_grad:\n    pass"],
    "loop-over-a-number": ["epochs = 3\nfor _ in epochs:\n    pass"],
    "arguments-do-not-fit": [
        "def f(a, b): return a\nf(1)",
        "def f(a, b): return a\nf(1, c=2)",
        "Net(3)",
        "Net()(x, x)",
    ],
    "self-missing": [NET.format("def forward(x): return x", "(x)")],
}
UNNAMED = [
    "raise ValueError('no')",
    "raise AttributeError('x has no attribute grad')",
    "raise RuntimeError('element 0 of tensors does not require grad')",
    "raise NameError(\"name 'nn' is not defined\", name='nn')",
    "assert x.sum() == 0",
    "1 / 0",
    "{}['a']",
    "quite_another_name",
    "x.nothing_like_it",
    "int('three')",
    "'a' + 1",
    "with torch.no_grad():\n    w -= torch.ones(7)",
    "@torch.no_grad()\ndef f(w):\n    w -= torch.ones(7)\nf(w)",
    "class Odd:\n    def __getattr__(self, name): raise AttributeError(name)\nOdd().grade",
    "torch.stack([x, w])",
    "def f(*a): raise TypeError('f() takes 1 argument')\nf(1, 2)",
    "a, b = [1, 2, 3]",
]
HOSTILE = {
    "lies about its class": "class E(Exception):\n    __class__ = AttributeError\nraise E",
    "has no traceback": "class E(RuntimeError):\n    __traceback__ = 3\nraise E",
    "lies about a name": "class E(AttributeError):\n    name = property(lambda s: 1 / 0)\nraise E",
    "computes its dict": (
        "class M(nn.Module):\n    @property\n    def __dict__(self): raise SystemExit\n"
        "    def __init__(self): self.a = 1\n    def forward(self, x): return x\nM()(x)"
    ),
    "recurses": "def f(n): return f(n + 1)\nf(0)",
    "names everything": (
        "class T(torch.Tensor):\n    def __getattribute__(self, name): raise SystemExit\n"
        "t = T()\nt.backward()"
    ),
}


@pytest.fixture(autouse=True)
def _of_no_course() -> None:
    """Ask no course."""
    CAUSES.ask("")


def raised(lines: str) -> Raised:
    """Return what a function raises that consists of these lines."""
    guest = Guest()
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    outer = "w" if re.search(r"^ *w( -=|[.]sub_)", lines, re.MULTILINE) else ""
    inner = f"def f({outer}):\n{body}"
    call = f"\n\ndef g():\n    return f({outer})\n"
    loaded = guest.handle(Load("hw1", "hw1.py", f"{HEAD}{inner}{call}".encode(), False, "cpu"))
    assert isinstance(loaded, Loaded), loaded
    reply = guest.handle(Call("g", (), 1))
    assert isinstance(reply, Raised), reply
    return reply


KINDS = [(slug, lines) for slug, every in NAMED.items() for lines in every]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("slug", "lines"), KINDS, ids=[slug for slug, _ in KINDS])
def test_a_mistake_behind_an_exception_has_its_name(slug: str, lines: str) -> None:
    """In a function that a test calls."""
    reply = raised(lines)

    assert (slug, slug in general_mistakes()) == (reply.mistake, True), reply


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lines", UNNAMED)
def test_what_nothing_proves_has_no_name(lines: str) -> None:
    """Neither what code raises itself, nor what is near a mistake and none."""
    assert raised(lines).mistake == ""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lines", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_exception_is_described_and_names_nothing(lines: str) -> None:
    """Whatever its values do when they are looked at."""
    reply = raised(lines)

    assert reply.mistake in {"", "super-init-missing"}
    assert reply.type_name != "an exception that can't be described"


def test_the_shapes_that_do_not_fit_are_told() -> None:
    """Which layer got what."""
    words = "Linear(784, 2) got a tensor of shape (5, 1, 28, 28)"

    assert raised("nn.Linear(784, 2)(images)").message.endswith(f"; {words}")


def test_a_module_that_raises_when_it_is_loaded_has_the_name_too() -> None:
    """Import time is as good as a call."""
    reply = Guest().handle(
        Load("hw1", "hw1.py", f"{HEAD}nn.NLLLoss(model(x), labels)\n".encode(), False, "cpu")
    )

    assert isinstance(reply, Raised)
    assert reply.mistake == "criterion-class-called"


def test_every_general_mistake_is_named_by_the_machine() -> None:
    """The table holds none that nothing can name."""
    texts = [file.read_text("utf-8") for file in PACKAGE.glob("*/**/*.py")]
    words = set(re.findall(r'"([a-z0-9-]+)"', "\n".join(texts)))
    hinted = {slug for slug in general_mistakes() if slug.endswith("-error")}

    assert set() == general_mistakes().keys() - hinted - words
    assert {3} == {len(each.hints) for each in general_mistakes().values()}
