"""Custom tables: ``/api/thirdparty/customtable`` over the tables that other modules keep beside the CRM's."""

from perfex_api.thirdparty.operations import add_record as add_record
from perfex_api.thirdparty.operations import api as api
from perfex_api.thirdparty.operations import change_record as change_record
from perfex_api.thirdparty.operations import delete_record as delete_record
from perfex_api.thirdparty.operations import list_records as list_records
from perfex_api.thirdparty.operations import read_record as read_record
