"""What ``test`` answers while there is no record: the shape that a flow is built with.

Those of the five resources of the guide are the original's, to the letter
(``GET /api/zapier/test/customers``); the others are like them.
"""

from typing import Any

SAMPLES: dict[str, dict[str, Any]] = {
    "customers": {
        "id": 1,
        "company": "Sample Company",
        "email": "sample@example.com",
        "phone": "+1234567890",
    },
    "invoices": {"id": 1, "number": "INV-001", "clientid": 1, "total": "1000.00", "status": 1},
    "leads": {"id": 1, "title": "Sample Lead", "email": "lead@example.com", "status": 1},
    "tasks": {"id": 1, "name": "Sample Task", "status": 1, "priority": 2},
    "tickets": {"id": 1, "subject": "Sample Ticket", "status": 1, "priority": 2},
    "contacts": {
        "id": 1,
        "userid": 1,
        "firstname": "Sample",
        "lastname": "Contact",
        "email": "contact@example.com",
    },
    "estimates": {"id": 1, "number": 1, "clientid": 1, "total": "1000.00", "status": 1},
    "proposals": {"id": 1, "subject": "Sample Proposal", "total": "1000.00", "status": 6},
    "credit_notes": {"id": 1, "number": 1, "clientid": 1, "total": "100.00", "status": 1},
    "payments": {"id": 1, "invoiceid": 1, "amount": "100.00", "date": "2024-01-31"},
    "subscriptions": {"id": 1, "name": "Sample Subscription", "clientid": 1, "quantity": 1},
    "expenses": {"id": 1, "category": 1, "amount": "10.00", "date": "2024-01-31"},
    "items": {"id": 1, "description": "Sample Item", "rate": "10.00", "unit": ""},
    "projects": {"id": 1, "name": "Sample Project", "clientid": 1, "status": 2},
    "milestones": {"id": 1, "name": "Sample Milestone", "project_id": 1, "due_date": "2024-01-31"},
    "timesheets": {
        "id": 1,
        "task_id": 1,
        "staff_id": 1,
        "start_time": "1706692800",
        "end_time": "1706696400",
    },
    "contracts": {"id": 1, "subject": "Sample Contract", "client": 1, "contract_value": "1000.00"},
    "calendar": {"id": 1, "title": "Sample Event", "start": "2024-01-31 10:00:00"},
    "staffs": {"id": 1, "firstname": "Sample", "lastname": "Member", "email": "staff@example.com"},
}
