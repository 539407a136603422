"""Projects and what is done in them: milestones, tasks, time, appointments, tickets, contracts."""

from typing import Any

from contract.resources.resource import Body, Resource
from make import (
    make_contact,
    make_contract,
    make_contract_type,
    make_customer,
    make_department,
    make_project,
    make_service,
    make_staff,
    make_task,
    make_ticket,
)

from perfex_api import tables as t


def _project(db: Any) -> Body:
    return {
        "name": "Zebra & Sons",
        "rel_type": "customer",
        "clientid": make_customer(db),
        "billing_type": 2,
        "start_date": "2026-07-01",
        "deadline": "2026-12-31",
        "status": 2,
        "progress_from_tasks": False,
        "progress": 25,
        "project_rate_per_hour": "12.50",
        "estimated_hours": "80.00",
        "project_members": [make_staff(db), make_staff(db)],
        "tags": ["hot", "new"],
        "description": "<p>white & black</p>",
    }


def _milestone(db: Any) -> Body:
    return {
        "project_id": make_project(db),
        "name": "Zebra & Sons",
        "start_date": "2026-07-01",
        "due_date": "2026-08-01",
        "description": "white & black",
        "description_visible_to_customer": True,
        "hide_from_customer": False,
        "color": "#28B8DA",
        "milestone_order": 3,
    }


def _timesheet(db: Any) -> Body:
    return {
        "task_id": make_task(db),
        "start_time": "1706691600",
        "end_time": "1706698800",
        "staff_id": make_staff(db),
        "hourly_rate": "12.50",
        "note": "Zebra & Sons",
    }


def _event(db: Any) -> Body:
    return {
        "title": "Zebra & Sons",
        "description": "white & black",
        "start": "2026-07-01 10:00:00",
        "end": "2026-07-01 11:30:00",
        "reminder_before_type": "hours",
        "reminder_before": 2,
        "color": "#84C529",
        "userid": make_staff(db),
        "isstartnotified": False,
        "public": True,
    }


def _task(db: Any) -> Body:
    return {
        "name": "Zebra & crossing",
        "startdate": "2026-07-01",
        "duedate": "2026-08-01",
        "description": "white\nblack",
        "priority": 3,
        "rel_type": "customer",
        "rel_id": make_customer(db),
        "is_public": True,
        "billable": False,
        "hourly_rate": "12.50",
        "repeat_every": "2-week",
        "cycles": 4,
    }


def _ticket(db: Any) -> Body:
    customer = make_customer(db)
    return {
        "subject": "Zebra & Sons",
        "department": make_department(db),
        "contactid": make_contact(db, userid=customer),
        "userid": customer,
        "project_id": make_project(db),
        "message": "white & black",
        "service": make_service(db),
        "assigned": make_staff(db),
        "cc": "zoe+1@example.com",
        "priority": 2,
        "tags": ["hot", "new"],
    }


def _contract(db: Any) -> Body:
    return {
        "subject": "Zebra & Sons",
        "client": make_customer(db),
        "datestart": "2026-01-31",
        "dateend": "2027-01-31",
        "contract_type": make_contract_type(db),
        "contract_value": "1234.50",
        "description": "white\nblack",
        "content": "<p>All & more</p>",
    }


RESOURCES = (
    Resource(
        "projects",
        _project,
        changed={"description": "another"},
        word="Zebra",
        fieldto="projects",
        values="projects",
        hidden={"rel_type", "project_members", "tags"},
        alone={"settings", "client_data", "shared_vault_entries", "tasks"},
        listed={column.name for column in t.clients.c} - {column.name for column in t.projects.c},
        leaves={t.tags},
    ),
    Resource(
        "milestones",
        _milestone,
        changed={"color": "#84C529"},
        word="Zebra",
        leaves={t.project_activity},
    ),
    Resource(
        "tasks",
        _task,
        changed={"status": "3"},
        word="zebra & cross",
        make=lambda db: make_task(db, name="Same"),
        fieldto="tasks",
        values="tasks",
        hidden={"repeat_every"},
        lists=8,
    ),
    Resource(
        "timesheets",
        _timesheet,
        changed={"note": "Zebra, corrected"},
        word="zebra",
    ),
    Resource(
        "calendar",
        _event,
        changed={"end": "2026-07-01 12:00:00"},
        word="zebra",
        key="eventid",
    ),
    Resource(
        "tickets",
        _ticket,
        changed={"cc": "bo@example.com"},
        word="Zebra",
        make=lambda db: make_ticket(db, subject="Same"),
        fieldto="tickets",
        values="tickets",
        hidden={"tags"},
        alone={"attachments"},
        leaves={t.tags, t.notifications},
        page=20,
    ),
    Resource(
        "contracts",
        _contract,
        changed={"contract_value": "9.90"},
        word="Zebra",
        make=lambda db: make_contract(db, subject="Same", client=make_customer(db)),
        fieldto="contracts",
        values="contracts",
        lists=2,
    ),
)
