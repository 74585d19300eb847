"""CSV in Shift-JIS below a line that says the unit. Half hours of Japan's time are named by their ends, up to 24:00."""

import datetime

from common import named, picked, table, unpacked

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
COLUMNS = {
    "demand_mw": "エリア需要",
    "nuclear_mw": "原子力",
    "lng_mw": "火力（ＬＮＧ）",
    "coal_mw": "火力（石炭）",
    "oil_mw": "火力（石油）",
    "other_thermal_mw": "火力（その他）",
    "hydro_mw": "水力",
    "geothermal_mw": "地熱",
    "biomass_mw": "バイオマス",
    "solar_mw": "太陽光発電実績",
    "solar_curtailed_mw": "太陽光出力制御量",
    "wind_mw": "風力発電実績",
    "wind_curtailed_mw": "風力出力制御量",
    "pumped_storage_mw": "揚水",
    "batteries_mw": "蓄電池",
    "interconnection_mw": "連系線",
    "other_mw": "その他",
    "supply_mw": "合計",
}


def rows(path):
    lines = table(unpacked(path), "cp932")
    next(lines)
    for record in named(lines):
        day = datetime.datetime.strptime(record["DATE"], "%Y%m%d").replace(tzinfo=JAPAN)
        hours, minutes = map(int, record["TIME"].split(":"))
        starts_at = day + datetime.timedelta(hours=hours, minutes=minutes - 30)
        yield {"starts_at": starts_at.isoformat()} | picked(record, COLUMNS)
