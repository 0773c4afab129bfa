"""What it costs to send goods somewhere: templates by piece, weight or amount, and by region."""
