"""Play cells of ex07: the learning rate, and valleys."""

# %% [markdown] about-bowl
# ## Play: the learning rate
#
# Nothing in these cells is checked. You see twelve steps down (x - 3)^2, from 0. There, each step
# multiplies the distance to the lowest point by 1 - 2 lr. What do you expect with 0.5, with 1.0,
# and with 1.1? Change `lr` and see.

# %% bowl
import torch

from grader.play import play, show_curves


@play
def play_bowl():
    lr = 0.1  # try 0.02, 0.5, 0.9, 1.0 and 1.1
    distance = (0 - 3) * (1 - 2 * lr) ** torch.arange(13)
    far = max(4.0, float(distance.abs().max()))
    x = torch.linspace(-far, far, 200)
    curves = {"(x - 3)^2": (3 + x, x**2), "the way": (3 + distance, distance**2)}
    show_curves(curves, dots={"each step": (3 + distance, distance**2)}, x="x", y="f(x)")


# %% [markdown] about-valleys
# A **convex** curve, such as the one above, has one valley: every descent with small steps ends
# at its lowest point, the **global minimum**. The next curve is not convex. Here a ball rolls
# downhill from `start` and stops in the first valley: a **local minimum**, which need not be the
# global one.

# %% valleys
import torch

from grader.play import play, show_curves


@play
def play_valleys():
    start = 2.0  # try 0.5, 0.1 and -1.9
    x = torch.linspace(-2.2, 2.2, 441)
    f = x**4 - 3 * x**2 + x  # try (x - 1) ** 2, which is convex
    ball = int((x - start).abs().argmin().clamp(1, 439))
    while min(f[ball - 1], f[ball + 1]) < f[ball] and 1 < ball < 439:
        ball += 1 if f[ball + 1] < f[ball] else -1
    places = {"global minimum": f.argmin(), "the ball": ball}
    dots = {name: ([x[place]], [f[place]]) for name, place in places.items()}
    show_curves({"f": (x, f)}, dots=dots, x="x", y="f(x)")
