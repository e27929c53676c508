"""What columns are called: the words (lower case letters and digits) of each concept."""

import re

CUSTOMER = (
    "customerid custid customerno custno customernumber customer customerkey client clientid "
    "clientno "
    "clientnumber member memberid memberno memberkey buyer buyerid userid user shopper shopperid "
    "accountid accountno householdid householdkey kundennummer kundennr kundenr kundeid kunde "
    "kundenid personid contactid cardno loyaltyid idclient idcustomer cliente customerref patronid"
)
ORDER = (
    "orderid orderno ordernumber ordernr order invoice invoiceno invoiceid invoicenumber receiptid "
    "receiptno receipt basketid basket transactionid transactionno transaction bestellnummer "
    "bestellung bestellnr bestellungid rechnungsnummer rechnungsnr rechnung saleid salesid "
    "salesorderid idorder ticketid documentno docno ponumber orderref bookingid"
)
PRODUCT = (
    "productid productno productcode product sku stockcode article articleid articleno "
    "articlenumber "
    "artikel artikelnummer artikelnr itemid itemcode itemno itemsku lineitemsku upc ean gtin "
    "productkey productsku idproduct materialno variantsku variantid"
)
WHEN = (
    "orderedat orderdate orderdatetime ordertime ordertimestamp orderpurchasetimestamp invoicedate "
    "purchasedate purchasedat purchasetimestamp date datetime timestamp createdat created saledate "
    "transactiondate transactiontimestamp transactiontime bestelldatum rechnungsdatum datum paidat "
    "placedat soldat receiptdate orderplacedat createdon day"
)
REGION = (
    "country region state countrycode customerstate customercountry shippingcountry billingcountry "
    "land shipcountry bundesland province shippingprovince county city customercity stadt"
)
IDENTIFIERS = {
    "email": "email emailaddress mail customeremail emailadresse contactemail",
    "phone": "phone phonenumber telephone tel mobile mobilephone telefon mobil customerphone "
    "billingphone",
    "first_name": "firstname givenname forename vorname fname",
    "last_name": "lastname surname familyname nachname lname",
    "birth_date": "birthdate dateofbirth dob birthday geburtsdatum birthdt",
    "postcode": "postcode zip zipcode postalcode plz customerzipcodeprefix billingzip postleitzahl",
    "street": "street address address1 streetaddress strasse addressline1 billingaddress1 addr",
    "city": "city town customercity billingcity stadt ort",
    "loyalty_id": "loyaltyid loyaltycard loyaltyno cardnumber customeruniqueid",
    "login": "login username",
}
HEADER = {
    "status": "status orderstatus state financialstatus paymentstatus auftragsstatus bestellstatus",
    "cancelled_at": "cancelledat canceledat cancelled canceled cancelleddate storniertam",
    "currency": "currency currencycode orderccy ccy waehrung iso4217 isocurrency",
    "header_amount": "total totalcents totalprice totalamount ordertotal ordertotalcents "
    "grandtotal "
    "amount amountcents sum invoicetotal ordervalue gesamtbetrag summe totalpaid totalinclvat",
    "tax": "tax taxes taxcents taxamount totaltax vat vatcents vatamount mwst steuer taxtotal",
    "freight": "shipping shippingcents freight freightcents shippingcost shippingamount "
    "shippingfee "
    "deliveryfee deliverycost shippingtotal versandkosten versand postage",
    "channel": "channel saleschannel orderchannel source ordersource kanal medium",
    "location": "storeid store shopid shop branch branchid locationid outlet filiale",
}
LINE = {
    "line_id": "lineid orderlineid orderitemid itemlineid lineno linenumber rowid position "
    "positionid",
    "quantity": "quantity qty quantityordered lineitemquantity units count menge anzahl "
    "pieces noofitems "
    "itemcount stueck",
    "unit_price": "unitprice price pricecents unitpricecents priceeach lineitemprice itemprice "
    "preis einzelpreis priceperunit unitcost sellingprice",
    "line_amount": "amount amountcents linetotal linetotalcents lineamount total totalcents sales "
    "salesvalue revenue value netamount subtotal extendedprice umsatz betrag totalprice turnover",
    "discount": "discount discountcents discountamount linediscount lineitemdiscount "
    "retaildisc rabatt",
    "coupon": "coupon couponcents couponamount coupondisc voucheramount",
    "line_freight": "freightvalue freight shipping shippingcost shippingcharges deliverycost",
    "line_type": "linetype itemtype rowtype positionstype producttype",
    "product_name": "description productname itemname name productdescription lineitemname title "
    "bezeichnung artikelbezeichnung producttitle itemdescription",
}
GOODS = {
    "category": "category productcategory productcategoryname subcategory department producttype "
    "kategorie warengruppe itemcategory",
    "brand": "brand isprivatelabel privatelabel ownbrand",
}
BOOKED = {"updated_at": "updatedat lastmodified modifiedat updatedon changedat geaendertam"}
REGISTERED = (
    "registereddate registeredat registered signupdate signedupat signedup signup createdat "
    "created joindate "
    "joinedat membersince registrationdate customersince kundeseit createdon accountcreated"
)

# The concepts of each kind of table, in the order in which columns are given away.
WORDS = {
    "customers": {
        "customer_id": f"{CUSTOMER} id",
        "registered": REGISTERED,
        **IDENTIFIERS,
        "region": REGION,
        **BOOKED,
    },
    "orders": {
        "order_id": f"{ORDER} id",
        "customer_id": CUSTOMER,
        "ordered_at": WHEN,
        "email": IDENTIFIERS["email"],
        **HEADER,
        "region": REGION,
        **BOOKED,
    },
    "order_lines": {
        "order_id": ORDER,
        "product_id": PRODUCT,
        **LINE,
        "line_id": f"{LINE['line_id']} id",
    },
    "products": {
        "product_id": f"{PRODUCT} id",
        **GOODS,
        "product_name": LINE["product_name"],
        **BOOKED,
    },
}
# One row per invoice line, with everything else repeated.
WORDS["flat"] = {
    "order_id": ORDER,
    "product_id": PRODUCT,
    "customer_id": CUSTOMER,
    "ordered_at": WHEN,
    **{name: words for name, words in LINE.items() if name != "line_freight"},
    **{name: words for name, words in HEADER.items() if name != "header_amount"},
    "status": "status orderstatus financialstatus paymentstatus",
    "header_amount": "ordertotal ordertotalcents grandtotal invoicetotal total",
    "line_amount": "amount amountcents linetotal linetotalcents lineamount sales salesvalue "
    "revenue "
    "netamount extendedprice umsatz betrag",
    **GOODS,
    **IDENTIFIERS,
    "region": REGION,
}
# What the name of a table says it is; the first that fits counts.
OTHER = (
    "payment payments review reviews translation geolocation seller sellers refund refunds event "
    "events session sessions campaign campaigns consent consents store stores shipment shipments "
    "stock inventory supplier suppliers calendar rate rates"
)
KINDS = {
    "other": OTHER,
    "order_lines": "item items line lines lineitem lineitems detail details position positionen "
    "positions orderitems orderlines",
    "orders": "order orders invoice invoices sale sales receipt receipts basket baskets "
    "transaction "
    "transactions bestellung bestellungen rechnungen purchases purchase auftraege",
    "customers": "customer customers client clients member members user users person people kunde "
    "kunden buyers accounts contacts household households demographics",
    "products": "product products item items article articles artikel sku skus goods catalog "
    "catalogue",
}
STATES = {
    "cancelled": "cancelled canceled cancel void voided storniert storno annulled abandoned failed "
    "declined rejected unavailable",
    "returned": "returned return refunded refund returning chargeback retourniert retoure",
    "completed": "completed complete paid shipped delivered fulfilled closed done success invoiced "
    "approved processing processed created pending open placed partially_refunded partially_paid "
    "authorized confirmed new bezahlt versendet abgeschlossen geliefert on_hold",
}
CERTAIN_STATES = "completed complete paid shipped delivered fulfilled closed done"
TYPES = {
    "freight": "POST POSTAGE DOT DOTCOM C2 CARRIAGE SHIP SHIPPING FREIGHT DELIVERY VERSAND PORTO "
    "DOTCOM_POSTAGE SHIPPING_FEE DELIVERY_FEE VERSANDKOSTEN",
    "fee": "BANK_CHARGES BANKCHARGES AMAZONFEE AMAZON_FEE FEE FEES CRUK CRUK_COMMISSION "
    "SERVICE_FEE",
    "tax": "TAX VAT MWST SALES_TAX",
    "gift_card": "GIFTCARD GIFT_CARD GIFT_VOUCHER GUTSCHEIN GIFT",
    "adjustment": "M MANUAL D DISCOUNT S SAMPLES ADJUST ADJUST2 ADJUSTMENT B COUPON RABATT "
    "ROUNDING",
    "product": "PRODUCT ITEM GOODS ARTICLE SKU PHYSICAL DIGITAL ARTIKEL",
}


def squashed(name: str) -> str:
    """Return a name as lower case letters and digits."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def parts(name: str) -> list[str]:
    """Return the words of a name: at underscores, spaces and capitals."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [part for part in re.split(r"[^a-z0-9]+", spaced.lower()) if part]
