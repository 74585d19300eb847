//! Cut releases, as they lie beside the datasets' definitions.

use super::Series;

/// Cut releases, under parsers/fixtures. ABILITYONE.GOV stands twice in the file of 2019, for two different bodies: both
/// records are rejected.
pub(super) const CUT: &[Series] = &[
    Series {
        dataset: "aemo_dispatch_region_sum",
        releases: &[
            ("columns-of-2018.zip", "rows 12, inserted 12"),
            ("columns-of-2021.zip", "rows 12, inserted 12"),
            ("columns-of-2024.zip", "rows 12, inserted 12"),
            ("first.zip", "rows 12, inserted 12"),
        ],
        named: &["SS_SOLAR_UIGF", "WDR_DISPATCHED", "BDU_INITIAL_ENERGY_STORAGE"],
    },
    Series {
        dataset: "icd10cm_codes",
        releases: &[
            ("first.zip", "rows 177, inserted 177"),
            ("release-2025.zip", "rows 185, inserted 15, changed 5, removed 7, unchanged 165"),
            ("release-2026.zip", "rows 187, inserted 2, changed 6, unchanged 179"),
        ],
        named: &[],
    },
    Series {
        dataset: "bundesbank_bank_codes",
        releases: &[
            ("release-2016-05-12.txt", "rows 31, inserted 31"),
            ("first.txt", "rows 32, inserted 7, changed 14, removed 6, unchanged 11"),
            ("release-2022-09-01.txt", "rows 32, inserted 6, changed 6, removed 6, unchanged 20"),
            ("release-2022-12-02.txt", "rows 33, inserted 3, changed 6, removed 2, unchanged 24"),
            ("release-2023-03-06.txt", "rows 36, inserted 3, changed 4, unchanged 29"),
            ("release-2023-06-01.txt", "rows 39, inserted 3, changed 4, unchanged 32"),
            ("release-2023-09-04.txt", "rows 42, inserted 3, changed 5, unchanged 34"),
        ],
        named: &[],
    },
    Series {
        dataset: "nhs_gp_practices",
        releases: &[
            ("first.csv", "rows 30, inserted 30"),
            ("release-2015-11.csv", "rows 39, inserted 9, changed 21, unchanged 9"),
            ("release-2016-02.csv", "rows 48, inserted 9, changed 18, unchanged 21"),
        ],
        named: &[],
    },
    Series {
        dataset: "govuk_bank_holidays",
        releases: &[
            ("first.json", "rows 43, inserted 43"),
            ("release-2022-12-29.json", "rows 58, inserted 15, unchanged 43"),
            ("release-2024-09-02.json", "rows 65, inserted 7, unchanged 58"),
            ("release-2025-06-05.json", "rows 72, inserted 7, unchanged 65"),
            ("release-2026-02-25.json", "rows 79, inserted 7, unchanged 72"),
        ],
        named: &[],
    },
    Series {
        dataset: "cisa_kev_json",
        releases: &[
            ("first.json", "rows 35, inserted 35"),
            ("second.json", "rows 45, inserted 10, changed 6, unchanged 29"),
            ("release-2025-08-21.json", "rows 46, inserted 1, unchanged 45"),
            ("release-2025-08-25.json", "rows 49, inserted 3, unchanged 46"),
        ],
        named: &[],
    },
    Series {
        dataset: "cisa_kev",
        releases: &[
            ("first.csv", "rows 35, inserted 35"),
            ("second.csv", "rows 45, inserted 10, changed 6, unchanged 29"),
            ("release-2025-08-21.csv", "rows 46, inserted 1, unchanged 45"),
            ("release-2025-08-25.csv", "rows 49, inserted 3, unchanged 46"),
        ],
        named: &[],
    },
    Series {
        dataset: "ecb_reference_rates",
        releases: &[
            ("release-2016-10-27.zip", "rows 16, inserted 16"),
            ("release-2026-03-23.zip", "rows 28, inserted 12, unchanged 16"),
            ("release-2026-04-02.zip", "rows 36, inserted 8, unchanged 28"),
            ("release-2026-04-13.zip", "rows 41, inserted 5, unchanged 36"),
            ("release-2026-10-30.zip", "rows 53, inserted 12, unchanged 41"),
        ],
        // The same columns in another order: nothing to hold.
        named: &[],
    },
    Series {
        dataset: "us_gov_domains",
        releases: &[
            ("bad-columns-of-2019.csv", "rows 47, inserted 45, rejected 2"),
            ("release-2026-08-20.csv", "rows 48, inserted 9, changed 39, removed 6"),
            ("release-2026-08-21.csv", "rows 52, inserted 4, changed 5, unchanged 43"),
            ("release-2026-08-22.csv", "rows 56, inserted 4, unchanged 52"),
        ],
        named: &["Organization name", "Domain Name", "Security contact email"],
    },
    Series {
        dataset: "uk_postcodes",
        releases: &[
            ("columns-of-2018-other-line-ends.csv", "rows 37, inserted 37"),
            ("columns-of-2018.csv", "rows 37, unchanged 37"),
            ("columns-of-2021.csv", "rows 43, inserted 6, changed 37"),
            ("first.csv", "rows 49, inserted 6, changed 43"),
        ],
        named: &["npark", "sicbl", "icb", "oa21", "park", "ccg", "stp"],
    },
    Series {
        dataset: "uk_renewable_projects",
        releases: &[
            ("columns-of-2021.csv", "rows 40, inserted 40"),
            ("first.csv", "rows 43, inserted 8, changed 15, removed 5, unchanged 20"),
        ],
        named: &["CfD Allocation Round", "Are they re-applying (Old REPD Ref)"],
    },
    Series {
        dataset: "eia860_plants",
        releases: &[
            ("release-2021.zip", "rows 34, inserted 34"),
            ("release-2022.zip", "rows 34, inserted 5, changed 6, removed 5, unchanged 23"),
            ("first.zip", "rows 34, inserted 5, changed 10, removed 5, unchanged 19"),
        ],
        named: &[],
    },
    Series {
        dataset: "eia860_utilities",
        releases: &[
            ("release-2022.zip", "rows 35, inserted 35"),
            ("release-2023.zip", "rows 34, inserted 5, changed 6, removed 6, unchanged 23"),
            ("first.zip", "rows 34, inserted 5, changed 8, removed 5, unchanged 21"),
        ],
        named: &[],
    },
    Series {
        dataset: "eia_henry_hub",
        releases: &[
            ("release-2016-04-18.xls", "rows 10, inserted 10"),
            ("release-2024-10-15.xls", "rows 22, inserted 12, unchanged 10"),
            ("release-2024-10-22.xls", "rows 22, inserted 6, changed 3, removed 6, unchanged 13"),
            ("release-2024-10-31.xls", "rows 31, inserted 9, unchanged 22"),
            ("release-2024-11-01.xls", "rows 35, inserted 6, removed 2, unchanged 29"),
            ("release-2024-12-12.xls", "rows 35, inserted 6, removed 6, unchanged 29"),
            ("release-2025-11-27.xls", "rows 39, inserted 4, unchanged 35"),
            ("release-2025-11-29.xls", "rows 38, removed 1, unchanged 38"),
            ("release-2026-08-06.xls", "rows 43, inserted 5, unchanged 38"),
            ("release-2026-08-13.xls", "rows 47, inserted 4, unchanged 43"),
            ("first.xls", "rows 51, inserted 4, unchanged 47"),
        ],
        named: &[],
    },
];
