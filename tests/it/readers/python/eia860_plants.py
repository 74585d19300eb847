"""A workbook with a title above the names of its columns. What is not known is an empty text or a blank."""

import io

import openpyxl

from common import flag, plain, unpacked

FLAGS = {
    "ferc_cogeneration": "FERC Cogeneration Status",
    "ferc_small_producer": "FERC Small Power Producer Status",
    "ferc_exempt_generator": "FERC Exempt Wholesale Generator Status",
    "ash_impoundment": "Ash Impoundment?",
    "energy_storage": "Energy Storage",
}
COLUMNS = {
    "utility_id": "Utility ID",
    "utility_name": "Utility Name",
    "plant_code": "Plant Code",
    "plant_name": "Plant Name",
    "street_address": "Street Address",
    "city": "City",
    "state": "State",
    "zip": "Zip",
    "county": "County",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "nerc_region": "NERC Region",
    "balancing_authority_code": "Balancing Authority Code",
    "balancing_authority_name": "Balancing Authority Name",
    "water_source": "Name of Water Source",
    "naics_code": "Primary Purpose (NAICS Code)",
    "regulatory_status": "Regulatory Status",
    "sector": "Sector",
    "sector_name": "Sector Name",
    "ferc_cogeneration_docket": "FERC Cogeneration Docket Number",
    "ferc_small_producer_docket": "FERC Small Power Producer Docket Number",
    "ferc_exempt_generator_docket": "FERC Exempt Wholesale Generator Docket Number",
    "ash_impoundment_lined": "Ash Impoundment Lined?",
    "ash_impoundment_status": "Ash Impoundment Status",
    "grid_owner_name": "Transmission or Distribution System Owner",
    "grid_owner_id": "Transmission or Distribution System Owner ID",
    "grid_owner_state": "Transmission or Distribution System Owner State",
    "grid_voltage_1_kv": "Grid Voltage (kV)",
    "grid_voltage_2_kv": "Grid Voltage 2 (kV)",
    "grid_voltage_3_kv": "Grid Voltage 3 (kV)",
    "gas_distributor": "Natural Gas LDC Name",
    "gas_pipeline_1": "Natural Gas Pipeline Name 1",
    "gas_pipeline_2": "Natural Gas Pipeline Name 2",
    "gas_pipeline_3": "Natural Gas Pipeline Name 3",
    "pipeline_notes": "Pipeline Notes",
    "gas_storage": "Natural Gas Storage",
    "lng_storage": "Liquefied Natural Gas Storage",
}


def rows(path):
    book = openpyxl.load_workbook(io.BytesIO(unpacked(path, "*2___Plant_Y*.xlsx")), read_only=True)
    lines = book["Plant"].iter_rows(min_row=2, values_only=True)
    names = next(lines)
    for line in lines:
        record = dict(zip(names, line))
        row = {ours: plain(record[theirs]) for ours, theirs in COLUMNS.items()}
        # A postal code is a number that is shown with five digits.
        row["zip"] = None if row["zip"] is None else str(row["zip"]).zfill(5)
        yield row | {ours: flag(plain(record[theirs]), "Y", "N") for ours, theirs in FLAGS.items()}
