"""Look like an untouched stub, which some graders excuse.

A safe grader gives a stub no points, and no second chance.

Expected: not_started, 0 points
"""

def fake(*args):
    """Raise what the stub raises."""
    raise NotImplementedError("gradient_of_mean_square is not written yet")



gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
