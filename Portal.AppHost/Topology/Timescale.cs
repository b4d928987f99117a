namespace Portal.AppHost.Topology;

/// <summary>A published stack's own database server, and the job that backs it up.</summary>
internal static class Timescale
{
    public const string Name = "timescaledb";

    /// <summary>The job's name.</summary>
    public const string Backup = "backup";

    public const int Port = 5432;

    /// <summary>The password of the tables' owner.</summary>
    public const string Password = "database-password";

    /// <summary>The volume of the data.</summary>
    public const string Data = "timescale-data";

    /// <summary>The volume of the backups.</summary>
    public const string Backups = "backups";

    // The image's user and group "postgres".
    private const int Postgres = 70;

    // A new volume takes the owner and mode of the image's folder that it hides; this one anybody may write to, in every image.
    private const string BackupFolder = "/var/tmp";

    public static Service Server { get; } = new()
    {
        Name = Name,
        IsForeign = true,
        IsRouted = false,
        ForeignImage = $"{Images.Timescale}:{Images.TimescaleTag}",
        ContainerPort = Port,
        UserId = Postgres,
        Limits = new(2, 2048),
        // Over TCP: the server that only initialises the data listens on its socket alone.
        HealthCommand = ["sh", "-c", "pg_isready -h 127.0.0.1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\""],
        Scratch = ["/tmp", "/var/run/postgresql"],
        Mounts = [new(Data, "/var/lib/postgresql/data")],
        Environment = new Dictionary<string, Setting>
        {
            ["POSTGRES_DB"] = new Setting.DatabasePart(DatabasePart.Name),
            ["POSTGRES_USER"] = new Setting.DatabasePart(DatabasePart.User),
            ["POSTGRES_PASSWORD"] = new Setting.DatabasePart(DatabasePart.Password),
            ["PGDATA"] = new Setting.Literal("/var/lib/postgresql/data/pgdata"),
            ["TIMESCALEDB_TELEMETRY"] = new Setting.Literal("off"),
        },
    };

    /// <summary>
    /// Dumps the database once a day and keeps so many days; also what lies on the volumes of <paramref name="stack"/>'s API and Grafana, which it
    /// writes when a backup is put back.
    /// </summary>
    /// <param name="version">What a backup says that it was made by.</param>
    /// <param name="sharesVolumes">False where a volume is one pod's: then it asks the API for the logo.</param>
    public static Service BackupOf(Stack stack, string version, bool sharesVolumes) => new()
    {
        Name = Backup,
        IsForeign = true,
        IsRouted = false,
        ForeignImage = $"{Images.Timescale}:{Images.TimescaleTag}",
        Limits = new(1, 512),
        Command = ["sh", "/backup/backup.sh", "daily"],
        HealthCommand = ["sh", "/backup/backup.sh", "health"],
        Files = [new("backup", "/backup")],
        // The image declares a volume there: one without a name would be made for each container, and outlive it.
        Scratch = ["/tmp", "/var/lib/postgresql/data"],
        Mounts = [new(Backups, BackupFolder), .. sharesVolumes ? Shared(stack) : []],
        Groups = sharesVolumes && stack.Volumes.Contains(Grafana.Data) ? [Grafana.Group] : [],
        Environment = new Dictionary<string, Setting>
        {
            ["PGHOST"] = new Setting.DatabasePart(DatabasePart.Host),
            ["PGPORT"] = new Setting.DatabasePart(DatabasePart.Port),
            ["PGDATABASE"] = new Setting.DatabasePart(DatabasePart.Name),
            ["PGUSER"] = new Setting.DatabasePart(DatabasePart.User),
            ["PGPASSWORD"] = new Setting.DatabasePart(DatabasePart.Password),
            ["BACKUP_FOLDER"] = new Setting.FolderOf(Backups),
            ["BACKUP_NAME"] = new Setting.Literal(stack.Code),
            ["BACKUP_VERSION"] = new Setting.Literal(version),
            ["BACKUP_API"] = sharesVolumes ? new Setting.Literal("") : new Setting.EndpointOf("api"),
            ["BACKUP_AT"] = new Setting.Literal("01:30"),
            ["BACKUP_KEEP_DAYS"] = new Setting.Literal("14"),
            ["BACKUP_TARGET"] = new Setting.Literal(""),
        },
    };

    private static IEnumerable<Mount> Shared(Stack stack) =>
        [.. stack["api"].Mounts, .. stack.Volumes.Contains(Grafana.Data) ? (Mount[])[new(Grafana.Data, "/grafana")] : []];
}
