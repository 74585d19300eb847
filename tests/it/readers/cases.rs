//! What is compared: at least one dataset of each format, and of each way in which publishers write text.

/// A table, the file that it is loaded from, and the file that another reader reads, most often the same.
pub(super) struct Case {
    pub(super) table: &'static str,
    pub(super) ours: File,
    /// The module under `python`.
    pub(super) reader: &'static str,
    pub(super) theirs: File,
}

/// A file as it lies here, cut, and as it was published, in the folder of whole releases.
#[derive(Clone, Copy)]
pub(super) struct File {
    pub(super) cut: &'static str,
    pub(super) whole: &'static str,
}

macro_rules! both {
    ($table:literal, $cut:literal, $whole:literal) => {{
        let file = File { cut: concat!("parsers/fixtures/", $table, "/", $cut), whole: $whole };
        Case { table: $table, ours: file, reader: $table, theirs: file }
    }};
}

pub(super) fn all() -> Vec<Case> {
    let mut cases = vec![
        // CSV: UTF-8, Windows-1252, Shift-JIS, Latin-1; in archives of one and of many; columns that are hours; AEMO's.
        both!("us_gov_domains", "first.csv", "cisa-dotgov-csv/dotgov-current-full-20260822.csv"),
        both!("fdic_failed_banks", "first.csv", "fdic-banklist-csv/banklist.csv"),
        both!("kyushu_area_demand", "first.csv", "jp-tso-sjis-csv/eria_jukyu_202604_09.csv"),
        both!("laposte_postcodes", "first.csv", "laposte-codes-postaux/code_postaux_v201410.csv"),
        both!("ecb_reference_rates", "first.zip", "ecb-eurofxref-pypi/eurofxref-hist.zip"),
        both!("nyiso_fuel_mix", "first.zip", "nyiso-fuelmix-zip28/20250201rtfuelmix_csv.zip"),
        both!("omie_day_ahead_prices", "first.txt", "omie-txt/PrecioMD_OMIE_20201022.txt"),
        both!(
            "aemo_demand_forecast",
            "first.zip",
            "aemo-demand-forecast-zip/PUBLIC_FORECAST_OPERATIONAL_DEMAND_HH_202504011800_20250401173353.zip"
        ),
        both!("cisa_kev", "first.csv", "cisa-kev/kev-20250825.csv"),
        both!("nem12_meter_data", "first.zip", "aemo-nem12-samples/nem12#SCENARIO02NEM1202023#ELECTDSM#NEMMCO.zip"),
        // Fixed width.
        both!("bundesbank_bank_codes", "first.txt", "bundesbank-blz/BLZ2-20230904.txt"),
        both!("noaa_ghcn_daily", "first.dly", "noaa-ghcnd-dly/AE000041196.dly"),
        // XML.
        both!("gleif_legal_entities", "first.zip", "gleif-xml-top10/20180901-gleif-concatenated-file-lei2-Top10.xml"),
        both!("icd10cm_codes", "first.zip", "cdc-icd10cm-xml/icd10c-tabular-April-1-2026.xml.gz"),
        both!("entsoe_generation", "first.xml", "entsoe-xml/LU_production.xml"),
        // JSON.
        both!("govuk_bank_holidays", "first.json", "govuk-bank-holidays/bank-holidays-20260225.json"),
        both!("jrc_pvgis_tmy", "first.json", "jrc-pvgis-json/tmy_45.000_8.000_2005_2023.json"),
        both!("cisa_kev_json", "first.json", "cisa-kev/kev-20250825.json"),
        both!("boston_311", "first.jsonl", "boston311-jsonl/boston311-100.jsonl"),
        // Workbooks, and dBase.
        both!("eia860_plants", "first.zip", "eia860-plant-xlsx/2___Plant_Y2023.xlsx"),
        both!("dla_1033", "first.xlsx", "dla-1033-xlsx/ne_1033_data.xlsx"),
        both!("epa_eia_crosswalk", "first.xlsx", "epa-eia-crosswalk/epa_eia_crosswalk.xlsx"),
        both!("miso_load", "first.xls", "miso-load-xls/20250310_df_al.xls"),
        both!("eia_henry_hub", "first.xls", "eia-henryhub-xls/RNGWHHDd-20260820.xls"),
        both!("bkg_municipalities", "first.zip", "bkg-vg5000-dbf/VG5000_GEM.dbf"),
    ];
    cases.extend(crosswise(&cases));
    cases
}

/// What a publisher gives in two formats comes to the same rows out of both.
fn crosswise(cases: &[Case]) -> Vec<Case> {
    let file = |table| cases.iter().find(|case| case.table == table).expect("a case").ours;
    let csv = File { cut: "tests/it/readers/epa_eia_crosswalk.csv", whole: "epa-eia-crosswalk/epa_eia_crosswalk.csv" };
    let case = |table, reader, theirs| Case { table, ours: file(table), reader, theirs };
    vec![
        case("epa_eia_crosswalk", "epa_eia_crosswalk", csv),
        case("cisa_kev", "cisa_kev_json", file("cisa_kev_json")),
        case("cisa_kev_json", "cisa_kev", file("cisa_kev")),
    ]
}
