"""What the demo company works on: projects with milestones and tasks."""

from datetime import UTC
from decimal import Decimal
from typing import NamedTuple

from perfex_api import tables as t
from perfex_api import tags
from perfex_api.core import php
from perfex_api.demo.documents import Shop
from perfex_api.demo.people import ADMINISTRATOR

#: What a customer may see of a project, and the tabs of its page.
PROJECT_SETTINGS = (
    *("view_tasks", "create_tasks", "edit_tasks", "comment_on_tasks", "view_task_comments"),
    *("view_task_attachments", "view_task_checklist_items", "upload_on_tasks", "view_task_total_logged_time"),
    *("view_finance_overview", "upload_files", "open_discussions", "view_milestones", "view_gantt"),
    *("view_timesheets", "view_activity_log", "view_team_members", "hide_tasks_on_main_tasks_table"),
)
PROJECT_TABS = (
    *("overview", "tasks", "timesheets", "milestones", "files", "discussions", "gantt", "tickets"),
    *("contracts", "proposals", "estimates", "invoices", "subscriptions", "expenses", "credit_notes"),
    *("notes", "activity"),
)
NOT_STARTED, AWAITING_FEEDBACK, TESTING, IN_PROGRESS, COMPLETE = range(1, 6)


class Task(NamedTuple):
    """A task; one of a project belongs to the milestone."""

    name: str
    milestone: str
    start: int
    due: int
    status: int
    assignees: tuple[str, ...]
    priority: int = 2
    checklist: tuple[str, ...] = ()
    comment: str = ""


class Project(NamedTuple):
    """A project; a milestone has a name and a day."""

    name: str
    company: str
    start: int
    deadline: int
    cost: str
    members: tuple[str, ...]
    milestones: tuple[tuple[str, int], ...]
    tasks: tuple[Task, ...]


PROJECTS = (
    Project(
        "Lindenallee: light for 36 rooms",
        "Boutique Hotel Lindenallee",
        *(-190, 40, "18400.00", ("Jana", "Oda", "Milan")),
        milestones=(("Planning", -150), ("Delivery", -60), ("Installation", 30)),
        tasks=(
            Task(
                "Measure the rooms on floors 1 and 2",
                *("Planning", -188, -170, COMPLETE, ("Oda",)),
                checklist=("Ceiling heights", "Existing outlets", "Photographs"),
            ),
            Task("Draw the lighting plan", "Planning", -169, -150, COMPLETE, ("Oda",), priority=3),
            Task("Order pendants and desk lamps", "Delivery", -140, -120, COMPLETE, ("Jana",)),
            Task(
                "Fit the lamps on floor 1",
                *("Installation", -30, 5, IN_PROGRESS, ("Milan", "Jana")),
                priority=3,
                checklist=("Rooms 101 to 109", "Rooms 110 to 118"),
                comment="Rooms 101 to 104 are done; 105 needs a new outlet first.",
            ),
            Task("Fit the lamps on floor 2", "Installation", 6, 25, NOT_STARTED, ("Milan",)),
            Task("Hand over to the hotel", "Installation", 26, 30, NOT_STARTED, ("Jana",)),
        ),
    ),
    Project(
        "Workshop lighting",
        "Northgate Joinery",
        *(-25, 60, "3900.00", ("Jana", "Milan")),
        milestones=(("Survey", -5), ("Fitting", 50)),
        tasks=(
            Task("Survey the workshop", "Survey", -24, -15, COMPLETE, ("Milan",)),
            Task("Choose between two layouts", "Survey", -14, 2, AWAITING_FEEDBACK, ("Jana",)),
        ),
    ),
)

#: Tasks that belong to a customer alone.
CUSTOMER_TASKS = (
    ("Aldermoor Interiors", Task("Call about the autumn order", "", -3, 1, IN_PROGRESS, ("Tomas",))),
    ("Galerie Quatorze", Task("Remind of the open invoice", "", 0, 4, NOT_STARTED, ("Ines",), priority=4)),
)


def fill(shop: Shop) -> dict[str, int]:
    """Add projects and tasks; the ids of the projects by their company."""
    projects = {project.company: _add_project(shop, project) for project in PROJECTS}
    for company, task in CUSTOMER_TASKS:
        _add_task(shop, task, "customer", shop.people.customers[company])
    return projects


def _add_project(shop: Shop, project: Project) -> int:
    ground, people = shop.ground, shop.people
    project_id = ground.insert(
        t.projects,
        name=project.name,
        status=2,
        clientid=people.customers[project.company],
        billing_type=1,
        start_date=ground.day(project.start),
        deadline=ground.day(project.deadline),
        project_created=ground.day(project.start - 4),
        project_cost=Decimal(project.cost),
        addedfrom=people.staff[ADMINISTRATOR],
    )
    for name in project.members:
        ground.insert(t.project_members, project_id=project_id, staff_id=people.staff[name])
    tabs = php.serialize({f"project_{tab}": 1 for tab in PROJECT_TABS})
    for name, value in ({"available_features": tabs} | dict.fromkeys(PROJECT_SETTINGS, "1")).items():
        ground.insert(t.project_settings, project_id=project_id, name=name, value=value)
    milestones = {
        name: ground.insert(
            t.milestones,
            name=name,
            due_date=ground.day(day),
            project_id=project_id,
            milestone_order=order,
            datecreated=ground.day(project.start),
        )
        for order, (name, day) in enumerate(project.milestones, 1)
    }
    for task in project.tasks:
        _add_task(shop, task, "project", project_id, milestones[task.milestone])
    tags.put(ground.db, "project", project_id, ["lighting"])
    return project_id


def _add_task(shop: Shop, task: Task, rel_type: str, rel_id: int, milestone: int = 0) -> None:
    ground, staff = shop.ground, shop.people.staff
    added = ground.moment(task.start - 2)
    done = task.status == COMPLETE
    task_id = ground.insert(
        t.tasks,
        name=task.name,
        priority=task.priority,
        dateadded=added,
        startdate=ground.day(task.start),
        duedate=ground.day(task.due),
        datefinished=ground.moment(task.due, "16:00") if done else None,
        addedfrom=staff[ADMINISTRATOR],
        status=task.status,
        rel_id=rel_id,
        rel_type=rel_type,
        billable=1,
        milestone=milestone,
        visible_to_client=int(rel_type == "project"),
    )
    for name in task.assignees:
        ground.insert(
            t.task_assigned, staffid=staff[name], taskid=task_id, assigned_from=staff[ADMINISTRATOR]
        )
    for order, text in enumerate(task.checklist, 1):
        ground.insert(
            t.task_checklist_items,
            taskid=task_id,
            description=text,
            finished=int(done),
            dateadded=added,
            addedfrom=staff[ADMINISTRATOR],
            list_order=order,
        )
    if task.comment:
        ground.insert(
            t.task_comments,
            content=task.comment,
            taskid=task_id,
            staffid=staff[task.assignees[0]],
            dateadded=ground.moment(-1, "15:40"),
        )
    if done:
        _add_timer(shop, task_id, task)


def _add_timer(shop: Shop, task_id: int, task: Task) -> None:
    """Three hours of the first assignee, in unix seconds."""
    begin = int(shop.ground.moment(task.start, "13:00").replace(tzinfo=UTC).timestamp())
    shop.ground.insert(
        t.taskstimers,
        task_id=task_id,
        start_time=str(begin),
        end_time=str(begin + 3 * 3600),
        staff_id=shop.people.staff[task.assignees[0]],
        note=task.name,
    )
