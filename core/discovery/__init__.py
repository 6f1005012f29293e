"""Finding subjects that a tenant's customers talk about and its list of themes lacks: conversations in groups, each with a name.

Pure: rows come from and go to ingestion/themes/search.py. What is compared and how is `likeness`, how groups form is `clusters`, what
they are called is `naming`; `groups` puts them together.
"""

from core.discovery.groups import Known, KnownGroup, NewGroup, Size, Subjects, find_subjects, name_group, split_group
from core.discovery.told import Told

__all__ = ["Known", "KnownGroup", "NewGroup", "Size", "Subjects", "Told", "find_subjects", "name_group", "split_group"]
