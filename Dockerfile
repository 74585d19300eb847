# syntax=docker/dockerfile:1
#
# docker build -t bluebook .                          the program alone: give it a DATABASE_URL
# docker build -t bluebook --target with-postgres .   with PostgreSQL's programs: a private server in the volume
#
# docker run -d -p 8321:8321 -v bluebook:/var/lib/bluebook --read-only --tmpfs /tmp --cap-drop ALL \
#     --security-opt no-new-privileges -e DATABASE_URL=postgres://… -e BLUEBOOK_BASE_URL=https://… bluebook
#
# Put a reverse proxy with TLS before port 8321. Both images run as uid 65532 and write only under /var/lib/bluebook.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked && install -D target/release/bluebook /out/usr/local/bin/bluebook
# What operators change lies where they look for it, and can be mounted over.
RUN mkdir -p /out/etc/bluebook /out/var/lib/bluebook \
    && cp -r --parents schedules.toml admin.toml parsers/datasets templates/reports /out/etc/bluebook \
    && chown -R 65532:65532 /out/var/lib/bluebook && chmod 0700 /out/var/lib/bluebook

FROM debian:bookworm-slim AS with-postgres
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-common ca-certificates tzdata \
    && echo "create_main_cluster = false" >> /etc/postgresql-common/createcluster.conf \
    && apt-get install --yes --no-install-recommends postgresql-15 \
    && rm -rf /var/lib/apt/lists/* \
    && find / -xdev -perm /6000 -type f -exec chmod a-s {} + \
    && useradd --uid 65532 --home-dir /var/lib/bluebook --shell /usr/sbin/nologin bluebook
COPY --from=build /out/ /
ENV BLUEBOOK_HOME=/etc/bluebook BLUEBOOK_STATE_DIR=/var/lib/bluebook BLUEBOOK_LISTEN=0.0.0.0:8321
VOLUME /var/lib/bluebook
EXPOSE 8321
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/bluebook"]
CMD ["serve"]

# No shell, no package manager: the program, the certificates of the authorities, the time zones.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/ /
ENV BLUEBOOK_HOME=/etc/bluebook BLUEBOOK_STATE_DIR=/var/lib/bluebook BLUEBOOK_LISTEN=0.0.0.0:8321
VOLUME /var/lib/bluebook
EXPOSE 8321
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/bluebook"]
CMD ["serve"]
