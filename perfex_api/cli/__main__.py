"""``python -m perfex_api.cli``, where the script is not on the path."""

from perfex_api.cli import main

if __name__ == "__main__":
    main(prog_name="perfex-api")
