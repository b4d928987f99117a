using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Data.Rates;

#nullable disable

namespace Portal.Data.Migrations
{
    /// <inheritdoc />
    public partial class AddRates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Clocks",
                schema: "monitoring",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Clocks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Municipalities",
                schema: "monitoring",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Municipalities", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SiteFacts",
                schema: "monitoring",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SiteId = table.Column<Guid>(type: "uuid", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    NotifiedDemandKva = table.Column<decimal>(type: "numeric", nullable: true),
                    ConnectionPoints = table.Column<int>(type: "integer", nullable: false),
                    Amperes = table.Column<decimal>(type: "numeric", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SiteFacts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SiteFacts_Sites_SiteId",
                        column: x => x.SiteId,
                        principalSchema: "monitoring",
                        principalTable: "Sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ClockVersions",
                schema: "monitoring",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ClockId = table.Column<Guid>(type: "uuid", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true),
                    Content = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClockVersions", x => x.Id);
                    table.CheckConstraint("CK_ClockVersions_Validity", "\"To\" IS NULL OR \"To\" > \"From\"");
                    table.ForeignKey(
                        name: "FK_ClockVersions_Clocks_ClockId",
                        column: x => x.ClockId,
                        principalSchema: "monitoring",
                        principalTable: "Clocks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Tariffs",
                schema: "monitoring",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    MunicipalityId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tariffs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Tariffs_Municipalities_MunicipalityId",
                        column: x => x.MunicipalityId,
                        principalSchema: "monitoring",
                        principalTable: "Municipalities",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "TariffAssignments",
                schema: "monitoring",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SiteId = table.Column<Guid>(type: "uuid", nullable: false),
                    TariffId = table.Column<Guid>(type: "uuid", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TariffAssignments", x => x.Id);
                    table.CheckConstraint("CK_TariffAssignments_Validity", "\"To\" IS NULL OR \"To\" > \"From\"");
                    table.ForeignKey(
                        name: "FK_TariffAssignments_Sites_SiteId",
                        column: x => x.SiteId,
                        principalSchema: "monitoring",
                        principalTable: "Sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_TariffAssignments_Tariffs_TariffId",
                        column: x => x.TariffId,
                        principalSchema: "monitoring",
                        principalTable: "Tariffs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "TariffVersions",
                schema: "monitoring",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TariffId = table.Column<Guid>(type: "uuid", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true),
                    State = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    VatPercent = table.Column<decimal>(type: "numeric", nullable: false),
                    Source = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    ClockId = table.Column<Guid>(type: "uuid", nullable: true),
                    Content = table.Column<string>(type: "jsonb", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ApprovedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ApprovedBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    WithdrawnAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    WithdrawnBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TariffVersions", x => x.Id);
                    table.CheckConstraint("CK_TariffVersions_Validity", "\"To\" IS NULL OR \"To\" > \"From\"");
                    table.ForeignKey(
                        name: "FK_TariffVersions_Clocks_ClockId",
                        column: x => x.ClockId,
                        principalSchema: "monitoring",
                        principalTable: "Clocks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_TariffVersions_Tariffs_TariffId",
                        column: x => x.TariffId,
                        principalSchema: "monitoring",
                        principalTable: "Tariffs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ClockVersions_ClockId",
                schema: "monitoring",
                table: "ClockVersions",
                column: "ClockId");

            migrationBuilder.CreateIndex(
                name: "IX_Clocks_Name",
                schema: "monitoring",
                table: "Clocks",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Municipalities_Name",
                schema: "monitoring",
                table: "Municipalities",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SiteFacts_SiteId_From",
                schema: "monitoring",
                table: "SiteFacts",
                columns: new[] { "SiteId", "From" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TariffAssignments_SiteId_From",
                schema: "monitoring",
                table: "TariffAssignments",
                columns: new[] { "SiteId", "From" });

            migrationBuilder.CreateIndex(
                name: "IX_TariffAssignments_TariffId",
                schema: "monitoring",
                table: "TariffAssignments",
                column: "TariffId");

            migrationBuilder.CreateIndex(
                name: "IX_TariffVersions_ClockId",
                schema: "monitoring",
                table: "TariffVersions",
                column: "ClockId");

            migrationBuilder.CreateIndex(
                name: "IX_TariffVersions_TariffId_From",
                schema: "monitoring",
                table: "TariffVersions",
                columns: new[] { "TariffId", "From" },
                unique: true,
                filter: "\"State\" <> 'withdrawn'");

            migrationBuilder.CreateIndex(
                name: "IX_Tariffs_MunicipalityId_Name",
                schema: "monitoring",
                table: "Tariffs",
                columns: new[] { "MunicipalityId", "Name" },
                unique: true);

            migrationBuilder.Sql(RatesSql.Create);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(RatesSql.Drop);

            migrationBuilder.DropTable(
                name: "ClockVersions",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "SiteFacts",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "TariffAssignments",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "TariffVersions",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "Clocks",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "Tariffs",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "Municipalities",
                schema: "monitoring");
        }
    }
}
