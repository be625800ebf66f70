from .briefing_input import BriefedRun as BriefedRun
from .briefing_input import BriefingInput as BriefingInput
from .briefing_input import CitedFact as CitedFact
from .briefing_input import DatedState as DatedState
from .briefing_input import EpisodeRecord as EpisodeRecord
from .briefing_input import RecordedStatement as RecordedStatement
from .compose import write as write
from .document import Briefing as Briefing
