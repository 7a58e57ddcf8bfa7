from django.urls import path
from django.views.generic import RedirectView

from portal.accounts import account, address, leaving, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/link/", sign_in.sign_in_link, name="sign_in_link"),
    path("sign-in/demo/", sign_in.demo_sign_in, name="demo_sign_in"),
    path("sign-in/second-step/", account.second_step, name="second_step"),
    path("sign-in/second-step/set-up/", account.set_up_second_step, name="set_up_second_step"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/delete/", leaving.delete, name="account_delete"),
    path("account/download/", leaving.download, name="account_download"),
    path("account/e-mail/", address.email, name="account_email"),
    path("account/e-mail/code/", address.email_code, name="account_email_code"),
    path("account/e-mail/link/", address.email_link, name="account_email_link"),
    path("account/name/", account.name, name="account_name"),
    path("account/password/", account.password, name="account_password"),
    path("account/backup-codes/", account.backup_codes, name="backup_codes"),
    # The admin has no door of its own.
    path("admin/login/", RedirectView.as_view(pattern_name="sign_in", query_string=True), name="admin_login"),
]
