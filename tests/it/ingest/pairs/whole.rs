//! Whole releases, as their publishers made them.

use super::Series;

/// Whole releases, in folders as their publishers' names are. Rules that the counts depend on: domains are compared in
/// small letters, and the two contradicting records of 2019 count as rejected, not as one row; postcodes keep `nuts`
/// and `itl` apart, and a column that a file lacks is null, which an empty text is not; projects are compared by their
/// values, so that 21.00 is 21 (compared as text, over the columns that both files have, 6,375 differ); a blank cell of the
/// plants is no value, whether it holds nothing or a space (compared as text, 2,085 differ between 2021 and 2022);
/// ICD-10-CM codes are
/// compared with the section that they stand in, and their notes kind by kind and in their order (all notes of a code in
/// one heap, without regard to order and some kinds, 562 and then 119 differ).
pub(super) const WHOLE: &[Series] = &[
    Series {
        dataset: "icd10cm_codes",
        releases: &[
            ("cdc-icd10cm-xml/icd10cm_tabular_2021.xml.gz", "rows 45017, inserted 45017"),
            (
                "cdc-icd10cm-xml/icd10cm-tabular-April-2025.xml.gz",
                "rows 46498, inserted 1488, changed 835, removed 7, unchanged 44175",
            ),
            (
                "cdc-icd10cm-xml/icd10c-tabular-April-1-2026.xml.gz",
                "rows 46881, inserted 383, changed 147, unchanged 46351",
            ),
        ],
        named: &[],
    },
    Series {
        dataset: "ieso_adequacy",
        releases: &[("ieso-xml/adequacy_report_20250228.xml", "rows 168, inserted 168")],
        named: &[],
    },
    Series {
        dataset: "gleif_legal_entities",
        releases: &[("gleif-xml-top10/20180901-gleif-concatenated-file-lei2-Top10.xml", "rows 10, inserted 10")],
        named: &[],
    },
    Series {
        dataset: "mta_performance",
        releases: &[("mta-performance-xml/Performance_NYCT.xml", "rows 3588, inserted 3588")],
        named: &[],
    },
    Series {
        dataset: "ferc714_facts",
        releases: &[("ferc714-xbrl-zip/ferc714-xbrl-2021.zip", "rows 131379, inserted 130649, duplicates 730")],
        named: &[],
    },
    Series {
        dataset: "entsoe_generation",
        releases: &[
            ("entsoe-xml/NO-NO5_production-negatives.xml", "rows 235, inserted 235"),
            ("entsoe-xml/LU_production.xml", "rows 2011, inserted 2011"),
            ("entsoe-xml/FI_production.xml", "rows 3456, inserted 3456"),
        ],
        named: &[],
    },
    Series {
        dataset: "entsoe_load",
        releases: &[("entsoe-xml/DK-DK1_consumption.xml", "rows 47, inserted 47")],
        named: &[],
    },
    Series {
        dataset: "bundesbank_bank_codes",
        releases: &[
            ("bundesbank-blz/BLZ2-20160512.txt", "rows 17888, inserted 17888"),
            (
                "bundesbank-blz/BLZ2-20220601.txt",
                "rows 15096, inserted 870, changed 6242, removed 3662, unchanged 7984",
            ),
            ("bundesbank-blz/BLZ2-20220901.txt", "rows 14996, inserted 14, changed 342, removed 114, unchanged 14640"),
            ("bundesbank-blz/BLZ2-20221202.txt", "rows 14905, inserted 7, changed 338, removed 98, unchanged 14560"),
            ("bundesbank-blz/BLZ2-20230306.txt", "rows 14865, inserted 20, changed 302, removed 60, unchanged 14543"),
            ("bundesbank-blz/BLZ2-20230601.txt", "rows 14826, inserted 20, changed 265, removed 59, unchanged 14541"),
            ("bundesbank-blz/BLZ2-20230904.txt", "rows 14692, inserted 4, changed 353, removed 138, unchanged 14335"),
        ],
        named: &[],
    },
    Series {
        dataset: "nhs_gp_practices",
        releases: &[
            ("nhs-ods-epraccur/epraccur-rel1.csv", "rows 12705, inserted 12705"),
            ("nhs-ods-epraccur/epraccur-rel2.csv", "rows 12804, inserted 99, changed 9260, unchanged 3445"),
            ("nhs-ods-epraccur/epraccur-rel3.csv", "rows 12922, inserted 118, changed 1190, unchanged 11614"),
        ],
        named: &[],
    },
    Series {
        dataset: "govuk_bank_holidays",
        releases: &[
            ("govuk-bank-holidays/bank-holidays-20220124.json", "rows 330, inserted 330"),
            ("govuk-bank-holidays/bank-holidays-20221229.json", "rows 390, inserted 60, unchanged 330"),
            ("govuk-bank-holidays/bank-holidays-20240902.json", "rows 417, inserted 27, unchanged 390"),
            ("govuk-bank-holidays/bank-holidays-20250605.json", "rows 444, inserted 27, unchanged 417"),
            ("govuk-bank-holidays/bank-holidays-20260225.json", "rows 471, inserted 27, unchanged 444"),
        ],
        named: &[],
    },
    Series {
        dataset: "cisa_kev_json",
        releases: &[
            ("cisa-kev/kev-20250127.json", "rows 1252, inserted 1252"),
            ("cisa-kev/kev-20250818.json", "rows 1400, inserted 148, changed 49, unchanged 1203"),
            ("cisa-kev/kev-20250821.json", "rows 1401, inserted 1, unchanged 1400"),
            ("cisa-kev/kev-20250825.json", "rows 1404, inserted 3, unchanged 1401"),
        ],
        named: &[],
    },
    Series {
        dataset: "nvd_vulnerabilities",
        releases: &[("nist-nvd-json-gz/nvdcve-1.1-2018.json.gz", "rows 16386, inserted 16386")],
        named: &[],
    },
    Series {
        dataset: "energinet_forecasts",
        releases: &[("energinet-json/Forecasts_5Min.json", "rows 864, inserted 864")],
        named: &[],
    },
    Series {
        dataset: "eia_interchange",
        releases: &[("eia-api-json/US-FLA-FPC_US-FLA-FPL_exchange.json", "rows 25, inserted 25")],
        named: &[],
    },
    Series {
        dataset: "jrc_pvgis_tmy",
        releases: &[("jrc-pvgis-json/tmy_45.000_8.000_2005_2023.json", "rows 8760, inserted 8760")],
        named: &[],
    },
    Series {
        dataset: "boston_311",
        releases: &[("boston311-jsonl/boston311-100.jsonl", "rows 100, inserted 100")],
        named: &[],
    },
    Series {
        dataset: "ecb_reference_rates",
        releases: &[
            ("ecb-eurofxref-hist/eurofxref-hist-20161028.zip", "rows 4565, inserted 4565"),
            ("ecb-eurofxref-hist/eurofxref-hist-20260324.zip", "rows 6970, inserted 2405, unchanged 4565"),
            ("ecb-eurofxref-hist/eurofxref-hist-20260407.zip", "rows 6978, inserted 8, unchanged 6970"),
            ("ecb-eurofxref-hist/eurofxref-hist-20260413.zip", "rows 6983, inserted 5, unchanged 6978"),
            ("ecb-eurofxref-pypi/eurofxref-hist.zip", "rows 7126, inserted 143, unchanged 6983"),
        ],
        // The same columns in another order: nothing to hold.
        named: &[],
    },
    Series {
        dataset: "us_gov_domains",
        releases: &[
            ("cisa-dotgov-csv/dotgov-current-full-20190206.csv", "rows 5796, inserted 5794, rejected 2"),
            (
                "cisa-dotgov-csv/dotgov-current-full-20260820.csv",
                "rows 16527, inserted 11236, changed 5291, removed 503",
            ),
            ("cisa-dotgov-csv/dotgov-current-full-20260821.csv", "rows 16535, inserted 8, changed 16, unchanged 16511"),
            (
                "cisa-dotgov-csv/dotgov-current-full-20260822.csv",
                "rows 16539, inserted 5, changed 3, removed 1, unchanged 16531",
            ),
        ],
        named: &["Organization name", "Domain Name", "Security contact email"],
    },
    Series {
        dataset: "cisa_kev",
        releases: &[
            ("cisa-kev/kev-20250127.csv", "rows 1252, inserted 1252"),
            ("cisa-kev/kev-20250818.csv", "rows 1400, inserted 148, changed 49, unchanged 1203"),
            ("cisa-kev/kev-20250821.csv", "rows 1401, inserted 1, unchanged 1400"),
            ("cisa-kev/kev-20250825.csv", "rows 1404, inserted 3, unchanged 1401"),
        ],
        named: &[],
    },
    Series {
        dataset: "uk_postcodes",
        releases: &[
            ("onspd-extract/onspd-extract-2018-06.csv", "rows 5168, inserted 5168"),
            ("onspd-extract/onspd-extract-2020-12.csv", "rows 5168, unchanged 5168"),
            ("onspd-extract/onspd-extract-2021-06.csv", "rows 5656, inserted 488, changed 5168"),
            ("onspd-extract/onspd-extract-2024-09.csv", "rows 8048, inserted 2392, changed 5656"),
        ],
        named: &["npark", "sicbl", "icb", "oa21", "park", "ccg", "stp"],
    },
    Series {
        dataset: "uk_renewable_projects",
        releases: &[
            ("desnz-repd-csv/renewable-energy-planning-database-q2-june-2021.csv", "rows 6461, inserted 6461"),
            (
                "desnz-repd-csv/repd-january-2023.csv",
                "rows 8487, inserted 2053, changed 2716, removed 27, unchanged 3718",
            ),
        ],
        named: &["CfD Allocation Round", "Are they re-applying (Old REPD Ref)"],
    },
    Series {
        dataset: "eia860_plants",
        releases: &[
            ("eia860-plant-xlsx/2___Plant_Y2021.xlsx", "rows 13455, inserted 13455"),
            (
                "eia860-plant-xlsx/2___Plant_Y2022.xlsx",
                "rows 14239, inserted 903, changed 2084, removed 119, unchanged 11252",
            ),
            (
                "eia860-plant-xlsx/2___Plant_Y2023.xlsx",
                "rows 15068, inserted 949, changed 1632, removed 120, unchanged 12487",
            ),
        ],
        named: &[],
    },
    Series {
        dataset: "eia860_utilities",
        releases: &[
            ("eia860-utility-xlsx/1___Utility_Y2022.xlsx", "rows 5935, inserted 5935"),
            (
                "eia860-utility-xlsx/1___Utility_Y2023.xlsx",
                "rows 6193, inserted 477, changed 440, removed 219, unchanged 5276",
            ),
            (
                "eia860-utility-xlsx/1___Utility_Y2024.xlsx",
                "rows 6643, inserted 646, changed 368, removed 196, unchanged 5629",
            ),
        ],
        named: &[],
    },
    Series {
        dataset: "eia_henry_hub",
        releases: &[
            ("eia-henryhub-xls/RNGWHHDd-20160418.xls", "rows 4833, inserted 4833"),
            ("eia-henryhub-xls/RNGWHHDd-20241015.xls", "rows 6980, inserted 2147, unchanged 4833"),
            ("eia-henryhub-xls/RNGWHHDd-20241022.xls", "rows 6980, inserted 6, changed 3, removed 6, unchanged 6971"),
            ("eia-henryhub-xls/RNGWHHDd-20241031.xls", "rows 6989, inserted 9, unchanged 6980"),
            ("eia-henryhub-xls/RNGWHHDd-20241101.xls", "rows 6993, inserted 6, removed 2, unchanged 6987"),
            ("eia-henryhub-xls/RNGWHHDd-20241212.xls", "rows 7018, inserted 31, removed 6, unchanged 6987"),
            ("eia-henryhub-xls/RNGWHHDd-20251127.xls", "rows 7258, inserted 240, unchanged 7018"),
            ("eia-henryhub-xls/RNGWHHDd-20251129.xls", "rows 7257, removed 1, unchanged 7257"),
            ("eia-henryhub-xls/RNGWHHDd-20260806.xls", "rows 7426, inserted 169, unchanged 7257"),
            ("eia-henryhub-xls/RNGWHHDd-20260813.xls", "rows 7432, inserted 6, unchanged 7426"),
            ("eia-henryhub-xls/RNGWHHDd-20260820.xls", "rows 7437, inserted 5, unchanged 7432"),
        ],
        named: &[],
    },
    Series {
        dataset: "aemo_registrations",
        releases: &[(
            "aemo-registration-list-xls/NEM-Registration-and-Exemption-List-20210818.xls",
            "rows 481, inserted 481",
        )],
        named: &[],
    },
    Series {
        dataset: "bkg_municipalities",
        releases: &[("bkg-vg5000-dbf/VG5000_GEM.dbf", "rows 10994, inserted 10994")],
        named: &[],
    },
    Series {
        dataset: "epa_eia_crosswalk",
        releases: &[("epa-eia-crosswalk/epa_eia_crosswalk.xlsx", "rows 6935, inserted 6935")],
        named: &[],
    },
    Series {
        dataset: "miso_load",
        releases: &[("miso-load-xls/20250310_df_al.xls", "rows 168, inserted 168")],
        named: &[],
    },
    Series {
        dataset: "nhs_dispensing_practices",
        releases: &[("nhs-dispensing-xls/dispensing_practices-2015-01-31.xls", "rows 1055, inserted 1055")],
        named: &[],
    },
];
