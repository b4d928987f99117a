# Our images, one stage each. The programs are published beforehand by the SDK that global.json names and are all of the context:
#   ./portal images
# BASE has the ASP.NET Core runtime, ICU and time zones; another one than Microsoft's is given with ./portal images --base.
ARG BASE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${BASE} AS program
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.vendor="Tau Acuvim" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# uid 1000 owns what is on the volumes; some bases have given it, or the name app, to somebody else.
RUN set -e; \
    owner=$(getent passwd 1000 | cut -d: -f1); if [ -n "$owner" ] && [ "$owner" != app ]; then userdel "$owner"; fi; \
    if getent group app >/dev/null; then groupmod -g 1000 app; else groupadd -g 1000 app; fi; \
    if getent passwd app >/dev/null; then usermod -u 1000 -g 1000 app; else useradd -u 1000 -g 1000 -d /app -M -s /usr/sbin/nologin app; fi; \
    mkdir -p /data/keys /data/branding; \
    chown -R 1000:1000 /data
# Without diagnostics a program writes no socket for debuggers into /tmp.
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_EnableDiagnostics=0
EXPOSE 8080
WORKDIR /app
COPY . .
USER 1000:1000

FROM program AS api
LABEL org.opencontainers.image.title="tau-acuvim-portal-api"
ENTRYPOINT ["dotnet", "Portal.Api.dll"]

FROM program AS web
LABEL org.opencontainers.image.title="tau-acuvim-portal-web"
ENTRYPOINT ["dotnet", "Portal.Web.dll"]

FROM program AS ingest
LABEL org.opencontainers.image.title="tau-acuvim-portal-ingest"
ENTRYPOINT ["dotnet", "Portal.Ingest.dll"]

FROM program AS aggregator
LABEL org.opencontainers.image.title="tau-acuvim-portal-aggregator"
ENTRYPOINT ["dotnet", "Fleet.Aggregator.dll"]

FROM program AS gateway
LABEL org.opencontainers.image.title="tau-acuvim-portal-gateway"
ENTRYPOINT ["dotnet", "Portal.Gateway.dll"]
