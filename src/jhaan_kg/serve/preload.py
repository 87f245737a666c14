"""What the fork server of the workers imports before it forks."""

import gc
import os

from jhaan_kg.serve.worker import warm_up

os.setpgrp()  # Ctrl-C ends only the server, which then lets its workers answer open requests
warm_up()
gc.freeze()  # a collection in a worker would copy what it shares with the others
