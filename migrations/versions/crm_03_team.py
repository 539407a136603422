"""Staff: who they are, what they may do, what they tell each other. As in Perfex 3.4.1."""

from migrations.declare import column, create, index, now, nullable, pk
from perfex_api.core.types import (
    Amount,
    DateTime,
    Timestamp,
    bigint,
    integer,
    longtext,
    mediumtext,
    tinyint,
    varchar,
)

revision = "crm_03_team"
down_revision = "crm_02_prospects"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "staff",
        pk("staffid"),
        column("email", varchar(100)),
        column("firstname", varchar(50)),
        column("lastname", varchar(50)),
        nullable("facebook", longtext()),
        nullable("linkedin", longtext()),
        nullable("phonenumber", varchar(30)),
        nullable("skype", varchar(50)),
        column("password", varchar(250)),
        column("datecreated", DateTime()),
        nullable("profile_image", varchar(191)),
        nullable("last_ip", varchar(40)),
        nullable("last_login", DateTime()),
        nullable("last_activity", DateTime()),
        nullable("last_password_change", DateTime()),
        nullable("new_pass_key", varchar(32)),
        nullable("new_pass_key_requested", DateTime()),
        column("admin", integer(), default="0"),
        nullable("role", integer()),
        column("active", integer(), default="1"),
        nullable("default_language", varchar(40)),
        nullable("direction", varchar(3)),
        nullable("media_path_slug", varchar(191)),
        column("is_not_staff", integer(), default="0"),
        column("hourly_rate", Amount(), default="0.00"),
        nullable("two_factor_auth_enabled", tinyint(), default="0"),
        nullable("two_factor_auth_code", varchar(100)),
        nullable("two_factor_auth_code_requested", DateTime()),
        nullable("email_signature", mediumtext()),
        nullable("google_auth_secret", mediumtext()),
        index("firstname"),
        index("lastname"),
    )
    create(
        "roles",
        pk("roleid"),
        column("name", varchar(150)),
        nullable("permissions", longtext()),
    )
    create(
        "staff_permissions",
        column("staff_id", integer()),
        column("feature", varchar(40)),
        column("capability", varchar(100)),
    )
    create(
        "departments",
        pk("departmentid"),
        column("name", varchar(100)),
        nullable("imap_username", varchar(191)),
        nullable("email", varchar(100)),
        column("email_from_header", tinyint(), default="0"),
        nullable("host", varchar(150)),
        nullable("password", longtext()),
        nullable("encryption", varchar(3)),
        column("folder", varchar(191), default="INBOX"),
        column("delete_after_import", integer(), default="0"),
        nullable("calendar_id", longtext()),
        column("hidefromclient", tinyint(), default="0"),
        index("name"),
    )
    create(
        "staff_departments",
        pk("staffdepartmentid"),
        column("staffid", integer()),
        column("departmentid", integer()),
    )
    create(
        "user_meta",
        pk("umeta_id", bigint(unsigned=True)),
        column("staff_id", bigint(unsigned=True), default="0"),
        column("client_id", bigint(unsigned=True), default="0"),
        column("contact_id", bigint(unsigned=True), default="0"),
        nullable("meta_key", varchar(191)),
        nullable("meta_value", longtext()),
    )
    create(
        "user_auto_login",
        column("key_id", varchar(64)),
        column("user_id", integer()),
        column("user_agent", varchar(150)),
        column("last_ip", varchar(40)),
        column("last_login", Timestamp(), default=now(on_update=True)),
        column("staff", integer()),
    )
    create(
        "todos",
        pk("todoid"),
        column("description", mediumtext()),
        column("staffid", integer()),
        column("dateadded", DateTime()),
        column("finished", tinyint()),
        nullable("datefinished", DateTime()),
        nullable("item_order", integer()),
    )
    create(
        "filters",
        pk("id", integer(10, unsigned=True)),
        column("name", varchar(191)),
        column("builder", mediumtext()),
        column("staff_id", integer(10, unsigned=True)),
        column("identifier", varchar(191)),
        column("is_shared", tinyint(3, unsigned=True), default="0"),
    )
    create(
        "announcements",
        pk("announcementid"),
        column("name", varchar(191)),
        nullable("message", mediumtext()),
        column("showtousers", integer()),
        column("showtostaff", integer()),
        column("showname", integer()),
        column("dateadded", DateTime()),
        column("userid", varchar(100)),
    )
    create(
        "dismissed_announcements",
        pk("dismissedannouncementid"),
        column("announcementid", integer()),
        column("staff", integer()),
        column("userid", integer()),
        index("announcementid"),
        index("staff"),
        index("userid"),
    )
    create(
        "newsfeed_posts",
        pk("postid"),
        column("creator", integer()),
        column("datecreated", DateTime()),
        column("visibility", varchar(100)),
        column("content", mediumtext()),
        column("pinned", integer()),
        nullable("datepinned", DateTime()),
    )
    create(
        "newsfeed_post_likes",
        pk(),
        column("postid", integer()),
        column("userid", integer()),
        column("dateliked", DateTime()),
    )
    create(
        "newsfeed_post_comments",
        pk(),
        nullable("content", mediumtext()),
        column("userid", integer()),
        column("postid", integer()),
        column("dateadded", DateTime()),
    )
    create(
        "newsfeed_comment_likes",
        pk(),
        column("postid", integer()),
        column("commentid", integer()),
        column("userid", integer()),
        column("dateliked", DateTime()),
    )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the CRM's tables; drop the database instead.")
