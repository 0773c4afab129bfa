"""What is withheld when a commission leaves. docs/algorithms/tax.md."""
