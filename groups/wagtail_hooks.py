"""What the admin shows of ours. This module only registers; each part is in `groups.admin`."""

from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from groups.admin.directory.source_records import LookOnly
from groups.admin.menu import DirectoryMenu
from groups.listings.provenance import SourceRecord

register_permission_policy(SourceRecord, LookOnly(SourceRecord))
register_snippet(DirectoryMenu)
