"""Merging tags: of two or more, one is kept, and every page keeps its tags under that name."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from groups.listings import changes
from groups.listings.models import GroupPage, GroupTag, TaggedGroup

REVISIONS_AT_ONCE = 200


class MergeTags:
    """Live pages, drafts and all older versions say the kept tag afterwards. Call `check`, then `execute`."""

    def __init__(self, keep: GroupTag, others: Iterable[GroupTag], *, by):
        self.keep, self.by = keep, by
        self.others = [tag for tag in others if tag.pk != keep.pk]

    def check(self) -> None:
        """Raises ValidationError when there is nothing to merge."""
        if not self.others:
            raise ValidationError(_("Choose two tags or more. One of them stays."))

    def execute(self) -> int:
        """Merge, in one transaction. Returns how many live or draft pages carried a merged tag."""
        self.check()
        gone = {tag.pk for tag in self.others}
        with changes.together():
            tagged = TaggedGroup.objects.filter(tag__in=gone).select_related("content_object")
            uids = {row.content_object.translation_key for row in tagged}
            kept_on = set(TaggedGroup.objects.filter(tag=self.keep).values_list("content_object", flat=True))
            for row in tagged:
                if row.content_object_id in kept_on:
                    row.delete()
                else:
                    kept_on.add(row.content_object_id)
                    row.tag = self.keep
                    row.save(update_fields=["tag"])
            uids |= self._rewrite_revisions(gone)
            names = [tag.name for tag in self.others]
            GroupTag.objects.filter(pk__in=gone).delete()
            changes.listing_changed(*uids)
            log(self.keep, "waymark.merge_tags", user=self.by, data={"merged": names})
        return len(uids)

    def _rewrite_revisions(self, gone: set[int]) -> set[UUID]:
        """A draft that named a merged tag would lose it without a word when it is published."""
        of_groups = Revision.objects.filter(content_type=ContentType.objects.get_for_model(GroupPage))
        changed = [
            revision
            for revision in of_groups.iterator(REVISIONS_AT_ONCE)
            if self._rewrite(revision.content, gone)
        ]
        Revision.objects.bulk_update(changed, ["content"], batch_size=REVISIONS_AT_ONCE)
        return {UUID(revision.content["translation_key"]) for revision in changed}

    def _rewrite(self, content: dict[str, Any], gone: set[int]) -> bool:
        before = content.get("tagged_items", [])
        if not any(row["tag"] in gone for row in before):
            return False
        rows: dict[int, dict] = {}
        for row in before:
            tag = self.keep.pk if row["tag"] in gone else row["tag"]
            rows.setdefault(tag, {**row, "tag": tag})
        content["tagged_items"] = list(rows.values())
        return True
