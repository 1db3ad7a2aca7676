"""Play cells of ex05: a saturated sigmoid."""

# %% [markdown] about-saturation
# ## Play: a saturated sigmoid
#
# Nothing in this cell is checked. 41 numbers go through a sigmoid. The picture shows what comes
# out, and the slope at each number: this slope is what the backward pass multiplies by. Make the
# weights larger: at how many numbers is almost nothing left of the gradient?

# %% saturation
import torch

from grader.play import play, show_curves


@play
def play_saturation():
    size = 1.0  # of the weights: try 0.1, 5.0 and 20.0
    z = size * torch.linspace(-2, 2, 41, dtype=torch.float64)
    little = 1e-5
    slope = ((z + little).sigmoid() - (z - little).sigmoid()) / (2 * little)
    show_curves(
        {"sigmoid": (z, z.sigmoid())}, dots={"its slope": (z, slope)}, x="input", y="output"
    )
    share = (slope < 0.01).double().mean()
    print(f"The slope is less than 0.01 at {share:.0%} of the numbers.")
