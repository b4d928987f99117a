using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Fleet.Aggregator.Storage.Migrations
{
    /// <inheritdoc />
    public partial class FleetPush : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ActiveSince",
                schema: "fleet",
                table: "Customers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "BacklogRows",
                schema: "fleet",
                table: "Customers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "ClockSkewSeconds",
                schema: "fleet",
                table: "Customers",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DiskFreeBytes",
                schema: "fleet",
                table: "Customers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "HeartbeatSeconds",
                schema: "fleet",
                table: "Customers",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "LastBackupAt",
                schema: "fleet",
                table: "Customers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "LastHeartbeatAt",
                schema: "fleet",
                table: "Customers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "NewestTime",
                schema: "fleet",
                table: "Customers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ProtocolVersion",
                schema: "fleet",
                table: "Customers",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SoftwareVersion",
                schema: "fleet",
                table: "Customers",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "StackNewestTime",
                schema: "fleet",
                table: "Customers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AuditEntries",
                schema: "fleet",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Actor = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Action = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Subject = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Details = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IngestEvents",
                schema: "fleet",
                columns: table => new
                {
                    CustomerId = table.Column<int>(type: "integer", nullable: false),
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    BatchId = table.Column<Guid>(type: "uuid", nullable: true),
                    BatchType = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Status = table.Column<int>(type: "integer", nullable: false),
                    RowsReceived = table.Column<int>(type: "integer", nullable: false),
                    RowsAccepted = table.Column<int>(type: "integer", nullable: false),
                    RowsDuplicate = table.Column<int>(type: "integer", nullable: false),
                    RowsRejected = table.Column<int>(type: "integer", nullable: false),
                    MinTime = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    MaxTime = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    DurationMs = table.Column<double>(type: "double precision", nullable: false),
                    Bytes = table.Column<long>(type: "bigint", nullable: false),
                    TraceId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    Error = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Rejections = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IngestEvents", x => new { x.CustomerId, x.ReceivedAt, x.Id });
                    table.ForeignKey(
                        name: "FK_IngestEvents_Customers_CustomerId",
                        column: x => x.CustomerId,
                        principalSchema: "fleet",
                        principalTable: "Customers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Silences",
                schema: "fleet",
                columns: table => new
                {
                    CustomerId = table.Column<int>(type: "integer", nullable: false),
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    NoticedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Devices = table.Column<int>(type: "integer", nullable: false),
                    Examples = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Silences", x => new { x.CustomerId, x.Id });
                    table.ForeignKey(
                        name: "FK_Silences_Customers_CustomerId",
                        column: x => x.CustomerId,
                        principalSchema: "fleet",
                        principalTable: "Customers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Sites",
                schema: "fleet",
                columns: table => new
                {
                    CustomerId = table.Column<int>(type: "integer", nullable: false),
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ExternalId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    TimeZone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sites", x => new { x.CustomerId, x.Id });
                    table.ForeignKey(
                        name: "FK_Sites_Customers_CustomerId",
                        column: x => x.CustomerId,
                        principalSchema: "fleet",
                        principalTable: "Customers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Devices",
                schema: "fleet",
                columns: table => new
                {
                    CustomerId = table.Column<int>(type: "integer", nullable: false),
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ExternalId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SiteId = table.Column<int>(type: "integer", nullable: true),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Model = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Role = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    DeletedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastTime = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    AdvancedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CadenceSeconds = table.Column<double>(type: "double precision", nullable: true),
                    CadenceSamples = table.Column<short>(type: "smallint", nullable: false, defaultValue: (short)0),
                    SilenceId = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Devices", x => new { x.CustomerId, x.Id });
                    table.ForeignKey(
                        name: "FK_Devices_Customers_CustomerId",
                        column: x => x.CustomerId,
                        principalSchema: "fleet",
                        principalTable: "Customers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Devices_Sites_CustomerId_SiteId",
                        columns: x => new { x.CustomerId, x.SiteId },
                        principalSchema: "fleet",
                        principalTable: "Sites",
                        principalColumns: new[] { "CustomerId", "Id" });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Devices_CustomerId_ExternalId",
                schema: "fleet",
                table: "Devices",
                columns: new[] { "CustomerId", "ExternalId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Devices_CustomerId_SiteId",
                schema: "fleet",
                table: "Devices",
                columns: new[] { "CustomerId", "SiteId" });

            migrationBuilder.CreateIndex(
                name: "IX_IngestEvents_AcceptedBatch",
                schema: "fleet",
                table: "IngestEvents",
                columns: new[] { "CustomerId", "BatchId" },
                unique: true,
                filter: "\"Status\" = 200");

            migrationBuilder.CreateIndex(
                name: "IX_IngestEvents_ReceivedAt",
                schema: "fleet",
                table: "IngestEvents",
                column: "ReceivedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Silences_Open",
                schema: "fleet",
                table: "Silences",
                columns: new[] { "CustomerId", "Kind" },
                filter: "\"EndedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Sites_CustomerId_ExternalId",
                schema: "fleet",
                table: "Sites",
                columns: new[] { "CustomerId", "ExternalId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditEntries",
                schema: "fleet");

            migrationBuilder.DropTable(
                name: "Devices",
                schema: "fleet");

            migrationBuilder.DropTable(
                name: "IngestEvents",
                schema: "fleet");

            migrationBuilder.DropTable(
                name: "Silences",
                schema: "fleet");

            migrationBuilder.DropTable(
                name: "Sites",
                schema: "fleet");

            migrationBuilder.DropColumn(
                name: "ActiveSince",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "BacklogRows",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "ClockSkewSeconds",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "DiskFreeBytes",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "HeartbeatSeconds",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "LastBackupAt",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "LastHeartbeatAt",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "NewestTime",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "ProtocolVersion",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "SoftwareVersion",
                schema: "fleet",
                table: "Customers");

            migrationBuilder.DropColumn(
                name: "StackNewestTime",
                schema: "fleet",
                table: "Customers");
        }
    }
}
