"""What customers ask the demo company: tickets with replies."""

from typing import NamedTuple

from perfex_api import tables as t
from perfex_api import tags
from perfex_api.demo.documents import Shop

SERVICES = ("Delivery", "Warranty")
OPEN, IN_PROGRESS, ANSWERED, ON_HOLD, CLOSED = range(1, 6)
LOW, MEDIUM, HIGH = range(1, 4)


class Reply(NamedTuple):
    """A reply; without a staff member it is the customer's."""

    staff: str
    day: int
    message: str


class Ticket(NamedTuple):
    """A ticket of a customer's primary contact."""

    company: str
    subject: str
    message: str
    service: str
    department: str
    assigned: str
    priority: int
    status: int
    day: int
    replies: tuple[Reply, ...] = ()
    tags: tuple[str, ...] = ()


TICKETS = (
    Ticket(
        "Aldermoor Interiors",
        "Pendant flickers when dimmed",
        "One of the six pendants flickers below 20 %. Swapped with its neighbour, it still does.",
        *("Warranty", "Technical support", "Milan", HIGH, CLOSED, -260),
        replies=(
            Reply("Milan", -259, "Thank you for trying that. A new driver is on its way to you."),
            Reply("", -254, "Fitted, and it dims as it should. Thanks!"),
        ),
        tags=("driver",),
    ),
    Ticket(
        "Casa Mirador",
        "Two spots too many",
        "We have received 26 track lights, and ordered 24.",
        *("Delivery", "Sales", "Tomas", LOW, CLOSED, -72),
        replies=(Reply("Tomas", -71, "Please keep them ready: the carrier collects them on Friday."),),
    ),
    Ticket(
        "Havenkwartier Coworking",
        "Lid of a floor box is bent",
        "A lid near the entrance was bent by a trolley. Can we have a new one without the box?",
        *("Warranty", "Technical support", "Milan", MEDIUM, ANSWERED, -14),
        replies=(Reply("Milan", -13, "Yes. Which of the two colours is it, steel or black?"),),
    ),
    Ticket(
        "Galerie Quatorze",
        "When does the installation start?",
        "Our exhibition opens on the first of the month; the ladder has to be gone by then.",
        *("Delivery", "Projects", "Jana", HIGH, IN_PROGRESS, -5),
        replies=(Reply("Jana", -4, "I am asking the team and will tell you tomorrow."),),
    ),
    Ticket(
        "Kuchnia i Światło",
        "Price list for the new year",
        "Could you send us the price list for resellers?",
        *("Delivery", "Sales", "Tomas", LOW, OPEN, -1),
    ),
)


def fill(shop: Shop) -> None:
    """Add tickets and replies."""
    services = {name: shop.ground.insert(t.services, name=name) for name in SERVICES}
    for ticket in TICKETS:
        _add_ticket(shop, ticket, services[ticket.service])


def _add_ticket(shop: Shop, ticket: Ticket, service: int) -> None:
    ground, people = shop.ground, shop.people
    asker = {"userid": people.customers[ticket.company], "contactid": people.contacts[ticket.company]}
    ticket_id = ground.insert(
        t.tickets,
        **asker,
        department=people.departments[ticket.department],
        priority=ticket.priority,
        status=ticket.status,
        service=service,
        ticketkey=ground.hash(),
        subject=ticket.subject,
        message=ticket.message,
        date=ground.moment(ticket.day, "10:12"),
        lastreply=ground.moment(ticket.replies[-1].day, "11:30") if ticket.replies else None,
        adminread=int(ticket.status != OPEN),
        clientread=1,
        assigned=people.staff[ticket.assigned],
    )
    for reply in ticket.replies:
        ground.insert(
            t.ticket_replies,
            ticketid=ticket_id,
            **({"admin": people.staff[reply.staff]} if reply.staff else asker),
            date=ground.moment(reply.day, "11:30"),
            message=reply.message,
        )
    tags.put(ground.db, "ticket", ticket_id, ticket.tags)
