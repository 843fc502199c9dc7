"""Tables of the room."""

from hashlib import sha256

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText, new_uid
from mifeng.rooms.people.models import Person

PLEDGE_TEXT = """我了解国家保密法规和公司保密制度,知悉本岗位应负的保密义务,郑重承诺:
一、认真遵守保密法规和公司保密制度,履行保密义务。
二、不以任何方式泄露所接触和知悉的公司秘密;不该看的不看,不该说的不说,不该写的不写,不该听的不听。
三、不擅自复制、摘抄、留存涉密文件资料,不将其带回家或带到公共场所,不用普通通信工具传递。
四、不将账号、口令交他人使用;离开座位即锁屏;发现泄密或可能泄密,立即补救并报告总经理办公室。
五、离岗、离职时清退全部涉密载体,并继续履行保密义务。
违反上述承诺,自愿承担责任。"""


def text_hash(text: str = PLEDGE_TEXT) -> str:
    """SHA-256 of the text, kept with each signature."""
    return sha256(text.encode()).hexdigest()


class Pledge(CodedRow):
    """A signature under the pledge: who, when, under which text."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "text_hash", "signed_on")
    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    person = models.ForeignKey(Person, models.PROTECT, related_name="pledges")
    text_hash = models.CharField(max_length=64)
    signed_on = models.DateField()
    number = models.CharField(max_length=24, blank=True)


class EntryTest(CodedRow):
    """A passed or failed entry test, entered by HR."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "score", "taken_on")
    person = models.ForeignKey(Person, models.PROTECT, related_name="entry_tests")
    score = models.IntegerField()
    taken_on = models.DateField()
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")


class RuleVersion(CodedRow):
    """A version of the company's rules as it was issued to everybody.

    All versions are one object, the book: with the newest one taken away nobody would have anything to acknowledge.
    """

    STATE = ("rules", "book")
    CODED = ("uid", "book", "title", "edition", "issued_on", "issued_by_id")
    book = models.IntegerField(default=1, editable=False)
    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    title = models.CharField(max_length=80)
    edition = models.CharField(max_length=64)
    issued_on = models.DateField()
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")


class Acknowledgement(CodedRow):
    """已阅并遵守: one person, one version."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "version_id", "at")
    person = models.ForeignKey(Person, models.PROTECT, related_name="acknowledgements")
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="acknowledgements")
    at = models.DateTimeField()


class SelfCheck(SealedRow, CodedRow):
    """A yearly self-check as it was handed in; what somebody says of himself is sealed, how many lines he did not keep is not."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "answers", "remark", "not_kept", "done_on", "edition")
    person = models.ForeignKey(Person, models.PROTECT, related_name="self_checks")
    answers = SealedText()  # clause and answer, one a line: "M6.2 kept"
    remark = SealedText()
    not_kept = models.IntegerField()
    done_on = models.DateField()
    edition = models.CharField(max_length=64)
