"""The customers of the demo company, and the people who work there. Nobody of them exists."""

from typing import NamedTuple


class Contact(NamedTuple):
    """A person; the first one of a customer is its primary contact."""

    firstname: str
    lastname: str
    title: str


class Customer(NamedTuple):
    """A customer; one without a company is a person."""

    company: str
    country: str
    city: str
    zip: str
    street: str
    phone: str
    groups: tuple[str, ...]
    contacts: tuple[Contact, ...]
    active: bool = True


GROUPS = ("Architects", "Hospitality", "Offices", "Retail", "Trade")

CUSTOMERS = (
    Customer(
        *("Aldermoor Interiors", "GB", "Leeds", "LS10 1JF", "12 Granary Row", "+44 1632 960101"),
        groups=("Architects",),
        contacts=(Contact("Harriet", "Moss", "Managing Director"), Contact("Owen", "Pryce", "Buyer")),
    ),
    Customer(
        *("Atelier Brume", "FR", "Lyon", "69002", "8 rue des Tisseurs", "+33 4 99 00 11 02"),
        groups=("Architects",),
        contacts=(Contact("Camille", "Arnaud", "Architecte"), Contact("Théo", "Marchand", "Chef de projet")),
    ),
    Customer(
        *("Bakkerij De Zonnewende", "BE", "Gent", "9000", "Korenlei 44", "+32 9 555 01 03"),
        groups=("Hospitality", "Retail"),
        contacts=(Contact("Lotte", "De Smet", "Zaakvoerder"),),
    ),
    Customer(
        *("Bistro Kormoran", "PL", "Gdańsk", "80-828", "ul. Długa 7", "+48 58 555 01 04"),
        groups=("Hospitality",),
        contacts=(Contact("Zofia", "Mazur", "Owner"),),
    ),
    Customer(
        *("Boutique Hotel Lindenallee", "DE", "Leipzig", "04109", "Lindenallee 3", "+49 341 23125 05"),
        groups=("Hospitality",),
        contacts=(
            Contact("Katrin", "Vogt", "Direktorin"),
            Contact("Jonas", "Albrecht", "Haustechnik"),
            Contact("Mia", "Kern", "Buchhaltung"),
        ),
    ),
    Customer(
        *("Cantiere Luce", "IT", "Torino", "10121", "Via dei Mille 19", "+39 011 555 0106"),
        groups=("Trade",),
        contacts=(Contact("Davide", "Ferrero", "Titolare"), Contact("Giulia", "Sala", "Ufficio acquisti")),
    ),
    Customer(
        *("Casa Mirador", "ES", "Valencia", "46003", "Calle de la Paz 21", "+34 960 555 107"),
        groups=("Hospitality",),
        contacts=(Contact("Lucía", "Navarro", "Gerente"),),
    ),
    Customer(
        *("Elvedal Kontor", "DK", "Aarhus", "8000", "Åboulevarden 60", "+45 55 50 01 08"),
        groups=("Offices",),
        contacts=(Contact("Freja", "Bundgaard", "Office Manager"), Contact("Emil", "Krogh", "CFO")),
    ),
    Customer(
        *("Fjordlys Installasjon", "NO", "Bergen", "5003", "Strandgaten 18", "+47 55 50 01 09"),
        groups=("Trade",),
        contacts=(Contact("Sindre", "Aas", "Daglig leder"),),
    ),
    Customer(
        *("Galerie Quatorze", "BE", "Bruxelles", "1000", "Rue de la Madeleine 14", "+32 2 555 01 10"),
        groups=("Retail",),
        contacts=(Contact("Élise", "Lambert", "Directrice"),),
    ),
    Customer(
        *("Grünblick Architekten", "AT", "Graz", "8010", "Sporgasse 26", "+43 316 555 0111"),
        groups=("Architects",),
        contacts=(Contact("Valentin", "Huber", "Partner"), Contact("Nora", "Steiner", "Projektleitung")),
    ),
    Customer(
        *("Harbour & Pike Offices", "IE", "Cork", "T12 W8KP", "31 Penrose Quay", "+353 21 555 0112"),
        groups=("Offices",),
        contacts=(Contact("Aoife", "Brennan", "Facilities Lead"), Contact("Sean", "Doyle", "Accounts")),
    ),
    Customer(
        *("Havenkwartier Coworking", "NL", "Rotterdam", "3011 GA", "Wijnhaven 88", "+31 10 555 01 13"),
        groups=("Offices",),
        contacts=(Contact("Bram", "Kuipers", "Community Manager"),),
    ),
    Customer(
        *("Kino Panorama", "CZ", "Praha", "130 00", "Seifertova 51", "+420 255 501 114"),
        groups=("Hospitality",),
        contacts=(Contact("Tereza", "Nováková", "Ředitelka"),),
    ),
    Customer(
        *("Kuchnia i Światło", "PL", "Kraków", "31-044", "ul. Grodzka 33", "+48 12 555 01 15"),
        groups=("Retail",),
        contacts=(Contact("Paweł", "Zieliński", "Właściciel"),),
    ),
    Customer(
        *("La Fabbrica del Pane", "IT", "Bologna", "40126", "Via Zamboni 9", "+39 051 555 0116"),
        groups=("Hospitality", "Retail"),
        contacts=(Contact("Chiara", "Bellini", "Responsabile"),),
    ),
    Customer(
        *("Maison Verte Traiteur", "LU", "Luxembourg", "1648", "5 place d'Armes", "+352 27 55 01 17"),
        groups=("Hospitality",),
        contacts=(Contact("Luc", "Weber", "Gérant"), Contact("Anne", "Reuter", "Comptabilité")),
    ),
    Customer(
        *("Meridian Yoga Rooms", "GB", "Bristol", "BS1 4RN", "77 Welsh Back", "+44 1632 960118"),
        groups=("Retail",),
        contacts=(Contact("Priya", "Nair", "Owner"),),
    ),
    Customer(
        *("Northgate Joinery", "GB", "York", "YO1 7HH", "2 Swinegate Yard", "+44 1632 960119"),
        groups=("Trade",),
        contacts=(Contact("Callum", "Reid", "Workshop Lead"), Contact("Beth", "Ashworth", "Office")),
    ),
    Customer(
        *("Oficina do Mar", "PT", "Porto", "4050-253", "Rua das Flores 112", "+351 220 555 120"),
        groups=("Hospitality",),
        contacts=(Contact("Inês", "Carvalho", "Gerente"),),
    ),
    Customer(
        *("Papeterie Lumen", "CH", "Basel", "4051", "Spalenberg 40", "+41 61 555 01 21"),
        groups=("Retail",),
        contacts=(Contact("Reto", "Baumann", "Inhaber"),),
    ),
    Customer(
        *("Polder Elektro", "NL", "Zwolle", "8011 PK", "Melkmarkt 15", "+31 38 555 01 22"),
        groups=("Trade",),
        contacts=(Contact("Sanne", "Hoekstra", "Inkoop"), Contact("Ruben", "Postma", "Installateur")),
    ),
    Customer(
        *("Ristorante Due Lune", "IT", "Verona", "37121", "Corso Porta Borsari 5", "+39 045 555 0123"),
        groups=("Hospitality",),
        contacts=(Contact("Matteo", "Righi", "Proprietario"),),
    ),
    Customer(
        *("Studio Halvorsen", "NO", "Oslo", "0150", "Rådhusgata 24", "+47 55 50 01 24"),
        groups=("Architects",),
        contacts=(Contact("Maja", "Halvorsen", "Interiørarkitekt"),),
    ),
    Customer(
        *("Södermark Design", "SE", "Malmö", "211 20", "Södergatan 30", "+46 40 555 01 25"),
        groups=("Architects", "Offices"),
        contacts=(Contact("Elsa", "Söderberg", "Designer"), Contact("Nils", "Wikström", "Ekonomi")),
    ),
    Customer(
        *("Tallinna Valgustus", "EE", "Tallinn", "10146", "Pikk 27", "+372 555 0126"),
        groups=("Trade",),
        contacts=(Contact("Kaarel", "Tamm", "Juhataja"),),
    ),
    Customer(
        *("", "PT", "Braga", "4700-424", "Rua do Souto 8", "+351 253 555 127"),
        groups=(),
        contacts=(Contact("Marta", "Oliveira", ""),),
    ),
    Customer(
        *("Wexley Shopfitters", "GB", "Hull", "HU1 2AA", "9 Humber Street", "+44 1632 960128"),
        groups=("Trade",),
        contacts=(Contact("Graham", "Tully", "Director"),),
        active=False,
    ),
)
