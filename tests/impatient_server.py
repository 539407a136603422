"""``perfex-api`` whose workers wait for slow clients for a second: ``python -m impatient_server serve``."""

from perfex_api.cli import main, process

if __name__ == "__main__":
    process.PATIENCE = 1
    main(prog_name="perfex-api")
