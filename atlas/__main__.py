"""`python -m atlas`: hands the words of the command line to atlas.cli."""

import sys

from atlas.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
