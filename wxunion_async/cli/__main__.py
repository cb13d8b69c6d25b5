"""Run the command line as ``python -m wxunion_async.cli``."""

import sys

from wxunion_async.cli import main

sys.exit(main())
