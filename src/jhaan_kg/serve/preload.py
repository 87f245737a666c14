"""What the fork server of the workers imports before it forks."""

import gc

from jhaan_kg.serve.worker import warm_up

warm_up()
gc.freeze()  # a collection in a worker would copy what it shares with the others
