"""Ready as soon as it is imported: what the processes of a run share."""

from wholepicture.bulk.working import ready

ready()
