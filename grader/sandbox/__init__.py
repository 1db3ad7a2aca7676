"""The sandbox, seen from the trusted side: how it is started, asked, and thrown away."""
