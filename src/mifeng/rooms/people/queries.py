"""Reading people: who holds a post, who supervises, who may be told."""

from datetime import date, timedelta

from mifeng.base import clock
from mifeng.base.models import LogIndex
from mifeng.rooms.people.models import Company, Department, Person, PostHolding


def company() -> Company:
    """The company of this instance. Company.DoesNotExist before set-up."""
    return Company.objects.get()


def holders(post: str, on: date | None = None) -> list[Person]:
    """Active persons who hold the post on that day, by pinyin."""
    day = on or clock.today()
    held = PostHolding.objects.filter(post=post, since__lte=day).exclude(until__lt=day).values("person")
    return list(Person.objects.filter(pk__in=held, active=True))


def head_of(department: Department) -> list[Person]:
    """The department's head(s)."""
    return [person for person in holders("dept_head") if person.department_id == department.pk]


def find(text: str) -> list[Person]:
    """Active persons whose name, pinyin or login holds the text: for person pickers, at most 20."""
    word = text.strip().lower()
    people = Person.objects.filter(active=True)
    return [p for p in people if word in p.name.lower() or word in p.pinyin.lower() or word in p.login.lower()][:20]


def refusals_today(person: Person) -> int:
    """How often something was refused to this person on the present local date."""
    start = clock.start_of(clock.today())
    return LogIndex.objects.filter(actor=person.uid, out="refused", at__gte=start).count()


def failures(login_uid: str, since_minutes: int) -> int:
    """Refused sign-ins of one account in the last minutes, after its last good one."""
    since = clock.now() - timedelta(minutes=since_minutes)
    tries = LogIndex.objects.filter(obj=login_uid, act__in=("people:sign_in", "people:unlock"), at__gte=since)
    good = tries.filter(out="allowed").order_by("-seq").values_list("seq", flat=True).first() or -1
    return tries.filter(out="refused", seq__gt=good).count()
