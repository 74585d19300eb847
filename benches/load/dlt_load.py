"""Loads a CSV file with dlt and prints the seconds: FILE, the folder of the server's socket, DATABASE.

The fastest way: columns go through as Arrow tables, never as Python's own objects, into Parquet, and reach the server by
ADBC's binary COPY. Through CSV files, dlt's other way to COPY, the same load takes more than three times as long.
"""

import os
import sys
import time
from urllib.parse import quote

file, socket, database = sys.argv[1:]
os.environ.update(RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="ERROR")

import dlt
import pyarrow.csv

begun = time.perf_counter()


@dlt.resource(name="flights", write_disposition="append")
def flights():
    convert = pyarrow.csv.ConvertOptions(null_values=["NA"], strings_can_be_null=True)
    yield pyarrow.csv.read_csv(file, convert_options=convert)


place = quote(socket, safe="")
destination = dlt.destinations.postgres(f"postgresql://postgres:none@{place}:5432/{database}")
pipeline = dlt.pipeline("bench", destination=destination, dataset_name="peer", dev_mode=True)
pipeline.run(flights(), loader_file_format="parquet")
print(time.perf_counter() - begun)
