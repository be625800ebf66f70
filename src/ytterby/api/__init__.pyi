from .application import create_api as create_api
from .application import workbench_of as workbench_of
from .job_kinds import RunArguments as RunArguments
from .job_models import Job as Job
from .settings import Limits as Limits
from .settings import Settings as Settings
from .workbench import Workbench as Workbench
