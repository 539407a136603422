"""What the demo company hopes to sell: leads, estimates, proposals."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from perfex_api import numbering, tags
from perfex_api import tables as t
from perfex_api.demo.documents import PLACES, Line, Shop, add_lines, head, number, totals
from perfex_api.demo.people import ADMINISTRATOR, plain

#: name, order, colour; the CRM's own "Customer" comes last
LEAD_STATUSES = (("New", 1, "#2563eb"), ("Contacted", 2, "#f59e0b"), ("Quoted", 3, "#16a34a"))
LEAD_SOURCES = ("Trade fair", "Referral", "Website")


class Lead(NamedTuple):
    """Somebody who may become a customer."""

    name: str
    title: str
    company: str
    country: str
    city: str
    day: int
    status: str
    source: str
    assigned: str
    value: str
    tags: tuple[str, ...] = ()


LEADS = (
    Lead(
        *("Saskia Brandt", "Inhaberin", "Café Morgenrot", "DE", "Dresden", -64),
        *("Quoted", "Trade fair", "Tomas", "4200.00", ("hospitality", "terrace")),
    ),
    Lead(
        *("Joost van Leeuwen", "Eigenaar", "Fietsatelier Spaak", "NL", "Utrecht", -52),
        *("Contacted", "Website", "Tomas", "1850.00"),
    ),
    Lead(
        *("Margaux Petit", "Gérante", "Librairie du Canal", "FR", "Strasbourg", -47),
        *("Quoted", "Referral", "Ines", "7600.00", ("shop window",)),
    ),
    Lead(
        *("Tuomas Laine", "Toimitusjohtaja", "Laine Puutyö", "FI", "Tampere", -38),
        *("Contacted", "Trade fair", "Tomas", "3100.00", ("workshop",)),
    ),
    Lead(
        *("Ewa Lis", "Manager", "Hostel Bursztyn", "PL", "Sopot", -30),
        *("New", "Website", "Tomas", "5400.00", ("hospitality",)),
    ),
    Lead(
        *("Rhys Morgan", "Partner", "Morgan Vale Architects", "GB", "Cardiff", -26),
        *("Contacted", "Referral", "Ines", "12500.00"),
    ),
    Lead(
        *("Beatriz Lobo", "Diretora", "Escola Azulejo", "PT", "Coimbra", -19),
        *("New", "Website", "Tomas", "2900.00"),
    ),
    Lead(
        *("Anton Berglund", "VD", "Kontorshuset Nio", "SE", "Uppsala", -15),
        *("Contacted", "Trade fair", "Ines", "9800.00", ("offices",)),
    ),
    Lead(
        *("Federica Costa", "Titolare", "Gelateria Brina", "IT", "Genova", -11),
        *("New", "Referral", "Tomas", "1600.00", ("hospitality",)),
    ),
    Lead(
        *("Matthias Egger", "Bauleiter", "Egger Umbau", "AT", "Linz", -6),
        *("New", "Website", "Tomas", "6700.00"),
    ),
    Lead(
        *("Clodagh Ryan", "Director", "Tideline Studios", "IE", "Galway", -2),
        *("New", "Website", "Ines", "3400.00", ("offices",)),
    ),
)


class Estimate(NamedTuple):
    """An estimate.

    Attributes:
        status: 1 draft, 2 sent, 3 declined, 4 accepted, 5 expired.
        invoice: Which of the invoices it became, counted from 1.
    """

    company: str
    day: int
    lines: tuple[Line, ...]
    status: int
    invoice: int = 0


ESTIMATES = (
    Estimate(
        "Boutique Hotel Lindenallee", -230, (("Pendant Halo 60", "14"), ("Desk lamp Oto", "36")), 4, invoice=3
    ),
    Estimate("Kuchnia i Światło", -150, (("Track light Vira", "18"), ("Three-phase track 2 m", "6")), 5),
    Estimate("Elvedal Kontor", -61, (("Floor box Kubo", "16"), ("Installation", "20")), 3),
    Estimate("Studio Halvorsen", -19, (("Pendant Halo 40", "3"), ("Lighting plan", "1")), 2),
    Estimate("Oficina do Mar", -6, (("Desk lamp Oto", "20"),), 2),
    Estimate("Papeterie Lumen", -2, (("Track light Vira", "10"), ("Dimmer Silva", "2")), 1),
)

#: subject, company, day, lines, status: 1 open, 2 declined, 3 accepted, 4 sent, 5 revised, 6 draft
PROPOSALS = (
    ("Light for three dining rooms", "Casa Mirador", -120, (("Lighting plan", "3"),), 3),
    ("Second floor, all desks", "Havenkwartier Coworking", -40, (("Floor box Kubo", "30"),), 4),
    ("Shop window in winter", "Galerie Quatorze", -9, (("Track light Vira", "12"),), 1),
    ("Light over the benches", "Northgate Joinery", -3, (("Pendant Halo 60", "6"),), 6),
)


def fill(shop: Shop, invoices: Sequence[int]) -> None:
    """Add leads, estimates and proposals; some estimates became one of the invoices."""
    _add_leads(shop)
    for estimate in ESTIMATES:
        _add_estimate(shop, estimate, invoices)
    for subject, company, day, lines, status in PROPOSALS:
        _add_proposal(shop, subject, company, day, lines, status)


def _add_leads(shop: Shop) -> None:
    ground = shop.ground
    statuses = {
        name: ground.insert(t.leads_status, name=name, statusorder=order, color=color)
        for name, order, color in LEAD_STATUSES
    }
    sources = {name: ground.insert(t.leads_sources, name=name) for name in LEAD_SOURCES}
    for lead in LEADS:
        lead_id = ground.insert(
            t.leads,
            name=lead.name,
            title=lead.title,
            company=lead.company,
            country=ground.country(lead.country),
            city=lead.city,
            assigned=shop.people.staff[lead.assigned],
            dateassigned=ground.day(lead.day),
            dateadded=ground.moment(lead.day, "08:45"),
            status=statuses[lead.status],
            source=sources[lead.source],
            lastcontact=None if lead.status == "New" else ground.moment(lead.day + 1, "10:20"),
            addedfrom=shop.people.staff[ADMINISTRATOR],
            email=f"{plain(lead.name).replace('-', '.')}@{plain(lead.company)}.example",
            website=f"https://{plain(lead.company)}.example",
            lead_value=Decimal(lead.value),
        )
        tags.put(ground.db, "lead", lead_id, lead.tags)


def _add_estimate(shop: Shop, estimate: Estimate, invoices: Sequence[int]) -> None:
    ground, was_sent = shop.ground, estimate.status != 1
    estimate_id = ground.insert(
        t.estimates,
        **head(shop, estimate.company, estimate.day),
        **number(shop, numbering.ESTIMATES, estimate.day),
        **totals(estimate.lines),
        hash=ground.hash(),
        expirydate=ground.day(estimate.day + 30),
        status=estimate.status,
        sent=int(was_sent),
        datesend=ground.moment(estimate.day, "11:00") if was_sent else None,
        invoiceid=invoices[estimate.invoice - 1] if estimate.invoice else None,
        invoiced_date=ground.moment(estimate.day + 25) if estimate.invoice else None,
    )
    add_lines(shop, "estimate", estimate_id, estimate.lines)


def _add_proposal(
    shop: Shop, subject: str, company: str, day: int, lines: Sequence[Line], status: int
) -> None:
    ground, place = shop.ground, PLACES[company]
    contact = place.contacts[0]
    proposal_id = ground.insert(
        t.proposals,
        subject=subject,
        content="<p>Dear {proposal_proposal_to}, this is what we propose:</p>{proposal_items}",
        addedfrom=shop.people.staff["Tomas"],
        assigned=shop.people.staff["Tomas"],
        datecreated=ground.moment(day),
        date=ground.day(day),
        open_till=ground.day(day + 21),
        **totals(lines),
        currency=shop.catalogue.currency,
        rel_type="customer",
        rel_id=shop.people.customers[company],
        hash=ground.hash(),
        proposal_to=company,
        country=ground.country(place.country),
        zip=place.zip,
        city=place.city,
        address=place.street,
        email=f"{plain(contact.firstname)}.{plain(contact.lastname)}@{plain(company)}.example",
        phone=place.phone,
        status=status,
    )
    add_lines(shop, "proposal", proposal_id, lines)
